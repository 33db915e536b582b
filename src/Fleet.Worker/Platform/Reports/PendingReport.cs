using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Platform.Reports;

/// <summary>What one attempt had to say since it last spoke. Used under the lock of <see cref="ReportBuffer"/>.</summary>
internal sealed class PendingReport(AttemptKey key)
{
    private const int LargestChunk = 64 * 1024;

    private readonly Queue<OutputChunk> _output = new();

    public AttemptKey Key { get; } = key;

    public bool Started { get; set; }

    public ProgressReport? Progress { get; set; }

    public AttemptResult? Finished { get; set; }

    /// <summary>Whether there is something left to say.</summary>
    public bool HasMore => _output.Count > 0 || Finished is not null;

    /// <summary>What a report grows by, at least, when it takes this in.</summary>
    public int LeastBytes => _output.TryPeek(out var first) ? first.Bytes.Length : ResultBytes;

    private int ResultBytes => Finished?.ResultJson?.Length ?? 0;

    public void Add(OutputChunk chunk) => _output.Enqueue(chunk);

    /// <summary>Takes it away; when there is more than fits, the rest, and the end with it, stays here.</summary>
    /// <param name="room">How many bytes of output and result may go; at least one piece goes.</param>
    public Piece Take(int room)
    {
        var output = TakeOutput(room, out var outputBytes);
        var resultBytes = ResultBytes;
        var ends = _output.Count == 0 && (outputBytes == 0 || outputBytes + resultBytes <= room);
        var report = new AttemptReport(
            Key.WorkId,
            Key.Kind,
            Key.Attempt,
            Started,
            output.Count > 0 ? output : null,
            Progress,
            ends ? Finished : null);
        Started = false;
        Progress = null;
        if (ends)
            Finished = null;
        return new Piece(report, outputBytes, ends ? resultBytes : 0);
    }

    private List<OutputChunk> TakeOutput(int room, out int outputBytes)
    {
        var merged = new List<OutputChunk>();
        outputBytes = 0;
        while (_output.Count > 0 && (outputBytes == 0 || outputBytes + _output.Peek().Bytes.Length <= room))
        {
            var chunk = TakeMerged(room - outputBytes);
            outputBytes += chunk.Bytes.Length;
            merged.Add(chunk);
        }

        return merged;
    }

    /// <summary>The next chunk, with those of the same stream that follow it directly.</summary>
    private OutputChunk TakeMerged(int room)
    {
        var first = _output.Dequeue();
        var parts = new List<byte[]> { first.Bytes };
        var length = first.Bytes.Length;
        while (_output.TryPeek(out var next)
            && next.Stream == first.Stream
            && length + next.Bytes.Length <= Math.Min(LargestChunk, room))
        {
            parts.Add(_output.Dequeue().Bytes);
            length += next.Bytes.Length;
        }

        return parts.Count == 1 ? first : first with { Bytes = Join(parts, length) };
    }

    private static byte[] Join(List<byte[]> parts, int length)
    {
        var all = new byte[length];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }

    /// <summary>What goes into the next report.</summary>
    internal readonly record struct Piece(AttemptReport Report, int OutputBytes, int ResultBytes);
}
