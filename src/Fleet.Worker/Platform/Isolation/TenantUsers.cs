using System.Globalization;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>
/// Which number each tenant's user has here. It stays the same, and nobody else gets it: what a tenant's jobs left outside
/// of their directories is found by no other tenant. Kept in a file, a line a tenant. Used under its owner's lock.
/// </summary>
internal sealed class TenantUsers(string file, IdRange range)
{
    private static readonly FileStreamOptions _appendForOwner = new()
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, // who else works here is no job's business
    };

    private readonly Dictionary<string, uint> _ids = Read(file, range);

    /// <summary>Null when every number is some other tenant's.</summary>
    /// <exception cref="IOException">A new number cannot be written down.</exception>
    public uint? Of(string tenant)
    {
        if (_ids.TryGetValue(tenant, out var known))
            return known;
        if (_ids.Count >= range.Length)
            return null;
        var taken = _ids.Values.ToHashSet();
        var id = range.First;
        while (taken.Contains(id))
            id++;
        using (var kept = new StreamWriter(new FileStream(file, _appendForOwner)))
            kept.Write(string.Create(CultureInfo.InvariantCulture, $"{id} {tenant}\n"));
        _ids[tenant] = id;
        return id;
    }

    /// <summary>Numbers of another range, which the settings named before, are forgotten.</summary>
    private static Dictionary<string, uint> Read(string file, IdRange range)
    {
        if (!File.Exists(file))
            return [];
        var ids = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && uint.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, out var id) && range.Contains(id))
                ids[line[(space + 1)..]] = id;
        }

        return ids;
    }
}
