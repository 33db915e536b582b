using System.Globalization;
using System.Text;

namespace Fleet.Worker.Platform;

/// <summary>One process as <c>/proc/&lt;id&gt;/stat</c> tells it.</summary>
/// <param name="Born">Clock ticks since the host started.</param>
internal readonly record struct ProcessEntry(int Id, char State, int Parent, int Group, int Session, ulong Born)
{
    /// <summary>False for what has ended and waits to be collected.</summary>
    public bool IsAlive => State is not ('Z' or 'X');
}

/// <summary>The processes of this host.</summary>
internal static class ProcessTable
{
    public static IReadOnlyList<ProcessEntry> Read()
    {
        var found = new List<ProcessEntry>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture, out var id)
                && Find(id) is { } entry)
            {
                found.Add(entry);
            }
        }

        return found;
    }

    public static ProcessEntry? Find(int id)
    {
        var stat = Encoding.ASCII.GetString(ProcFile.Read($"/proc/{id}/stat"));
        var afterName = stat.LastIndexOf(')') + 2; // the name may hold spaces and parentheses
        if (afterName < 2 || afterName >= stat.Length)
            return null;
        var fields = stat[afterName..].Split(' ');
        if (fields.Length < 20)
            return null;
        return new ProcessEntry(
            id, fields[0][0], Number(fields[1]), Number(fields[2]), Number(fields[3]),
            ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    /// <summary>Whether the process was started with each of these <c>NAME=value</c> entries.</summary>
    public static bool WasStartedWith(int id, IReadOnlyList<byte[]> marks)
    {
        ReadOnlySpan<byte> environment = ProcFile.Read($"/proc/{id}/environ");
        foreach (var mark in marks)
        {
            if (!Holds(environment, mark))
                return false;
        }

        return true;
    }

    private static bool Holds(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> mark)
    {
        foreach (var entry in environment.Split((byte)0))
        {
            if (environment[entry].SequenceEqual(mark))
                return true;
        }

        return false;
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
}
