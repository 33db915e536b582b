using System.Buffers;
using System.IO.Pipelines;

namespace Fleet.Control.Platform.Journal;

/// <summary>
/// An answer of server-sent events. What came together leaves in one write, as far as a buffer of ordinary size holds it: who
/// reads slowly makes nobody keep more.
/// </summary>
internal sealed class EventStream
{
    private const int MostUnsent = 64 * 1024;

    private readonly PipeWriter _writer;
    private int _unsent;

    private EventStream(PipeWriter writer) => _writer = writer;

    /// <summary>Sets the headers that every stream of events has.</summary>
    public static EventStream Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        return new EventStream(response.BodyWriter);
    }

    public ValueTask Write(byte[] bytes, CancellationToken stop)
    {
        _writer.Write(bytes);
        _unsent += bytes.Length;
        return _unsent < MostUnsent ? ValueTask.CompletedTask : Flush(stop);
    }

    public async ValueTask Flush(CancellationToken stop)
    {
        _unsent = 0;
        await _writer.FlushAsync(stop);
    }
}
