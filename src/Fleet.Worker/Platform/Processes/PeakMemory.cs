using System.Globalization;
using System.Text;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// The largest resident set of a child. The kernel counts the moment before exec, when the child still shared this
/// process's memory, so its figure is never below this process's own peak: only above that is it the child's.
/// Below it, what was seen while the child ran counts.
/// </summary>
internal sealed class PeakMemory
{
    private const long CountersMayBeOffBy = 4 * 1024 * 1024;
    private const long ProgramNotYetLoaded = 256 * 1024;
    private const int DeepestFamily = 32;

    private readonly int _id;
    private readonly long _floor;
    private long _seen;

    public PeakMemory(int id)
    {
        _id = id;
        Look(); // first of all: a child may be quick
        _floor = PeakOf(Environment.ProcessId);
    }

    /// <summary>Notes the peaks of the child and of its descendants.</summary>
    public void Look() => Look(_id, DeepestFamily);

    /// <param name="kernelPeak">Bytes, as wait4 tells.</param>
    /// <param name="pagedIn">Bytes of pages the child touched: all there is to go by for one that ended unseen.</param>
    public long? Settle(long kernelPeak, long pagedIn)
    {
        if (kernelPeak > _floor + CountersMayBeOffBy)
            return kernelPeak;
        if (_seen > ProgramNotYetLoaded)
            return _seen;
        return pagedIn > 0 ? Math.Min(pagedIn, kernelPeak) : null;
    }

    private void Look(int id, int depth)
    {
        _seen = Math.Max(_seen, PeakOf(id));
        if (depth == 0)
            return;
        foreach (var child in Encoding.ASCII.GetString(ProcFile.Read($"/proc/{id}/task/{id}/children")).Split(' '))
        {
            if (int.TryParse(child, CultureInfo.InvariantCulture, out var childId))
                Look(childId, depth - 1);
        }
    }

    private static long PeakOf(int id)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var status = ProcFile.Read($"/proc/{id}/status", buffer);
        var label = "VmHWM:"u8;
        var at = status.IndexOf(label);
        if (at < 0)
            return 0;
        var digits = status[(at + label.Length)..].TrimStart(" \t"u8);
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out long kibibytes, out _) ? kibibytes * 1024 : 0;
    }
}
