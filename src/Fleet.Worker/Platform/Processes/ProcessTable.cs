using System.Buffers.Text;
using System.Globalization;
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
