using System.Buffers.Text;
using System.Globalization;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

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
    private const int LongestStat = 1024;
    private const int FieldsToBorn = 19;

    public static IReadOnlyList<ProcessEntry> Read()
    {
        var found = new List<ProcessEntry>();
        foreach (var id in Ids())
        {
            if (Find(id) is { } entry)
                found.Add(entry);
        }

        return found;
    }

    /// <summary>Those that live with this group as their effective one.</summary>
    public static IReadOnlyList<int> InGroup(uint group) => InGroups(new IdRange(group, group));

    /// <summary>The owner of a directory of <c>/proc</c> is the process itself, and anybody may ask for it.</summary>
    public static IReadOnlyList<int> InGroups(IdRange groups)
    {
        var found = new List<int>();
        foreach (var id in Ids())
        {
            if (FileOwner.Of($"/proc/{id}") is { } owner && groups.Contains(owner.Group) && Find(id) is { IsAlive: true })
                found.Add(id);
        }

        return found;
    }

    public static ProcessEntry? Find(int id)
    {
        Span<byte> buffer = stackalloc byte[LongestStat];
        var stat = ProcFile.Read($"/proc/{id}/stat", buffer);
        var afterName = stat.LastIndexOf((byte)')') + 2; // the name may hold spaces and parentheses
        if (afterName < 2 || afterName >= stat.Length)
            return null;
        stat = stat[afterName..];
        Span<Range> fields = stackalloc Range[FieldsToBorn + 1];
        return Split(stat, fields)
            ? new ProcessEntry(
                id,
                (char)stat[0],
                (int)Number(stat[fields[1]]),
                (int)Number(stat[fields[2]]),
                (int)Number(stat[fields[3]]),
                Number(stat[fields[FieldsToBorn]]))
            : null;
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

    private static IEnumerable<int> Ids()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture, out var id))
                yield return id;
        }
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

    private static bool Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var found = 0;
        foreach (var field in line.Split((byte)' '))
        {
            fields[found++] = field;
            if (found == fields.Length)
                return true;
        }

        return false;
    }

    private static ulong Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long number, out _) ? (ulong)number : 0;
}
