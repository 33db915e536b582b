using System.Globalization;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>A user that this host knows by a name.</summary>
internal static unsafe class NamedUser
{
    private const int IdAt = 16; // struct passwd: two pointers before it
    private const int GroupAt = 20;
    private const int MostGroups = 1024;

    /// <summary>Its number and groups; null when there is none of that name or number.</summary>
    public static (uint Id, IReadOnlyList<uint> Groups)? Find(string name)
    {
        var entry = uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Libc.FindUser(number)
            : Libc.FindUser(name);
        if (entry == null)
            return number > 0 ? (number, []) : null;
        var (id, group) = (*(uint*)(entry + IdAt), *(uint*)(entry + GroupAt));
        var groups = new uint[MostGroups];
        var count = MostGroups;
        fixed (uint* first = groups)
        {
            if (Libc.FindGroups(*(nint*)entry, group, first, &count) < 0)
                count = 0;
        }

        return (id, count > 0 ? groups[..count] : [group]);
    }
}
