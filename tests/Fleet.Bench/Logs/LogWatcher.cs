using System.Diagnostics;
using System.Net.ServerSentEvents;
using Fleet.Bench.Target;

namespace Fleet.Bench.Logs;

/// <summary>
/// One client of a job's event stream, which behaves like a browser: when the stream is cut before the end it comes
/// again with the last id it has seen.
/// </summary>
internal sealed class LogWatcher(FleetApi api, string jobId, int lines)
{
    private const int MostReconnects = 50;

    private readonly OutputText _text = new();
    private Stream? _stream;
    private string? _lastId;
    private bool _ended;

    public LineChecker Checker { get; } = new(lines);

    public int Reconnects { get; private set; }

    public long Events { get; private set; }

    /// <summary>The <see cref="Stopwatch"/> timestamp of the <c>end</c> event.</summary>
    public long EndedAt { get; private set; }

    public async Task Open(CancellationToken stop) => _stream = await api.Watch(jobId, _lastId, stop);

    /// <summary>Reads until the <c>end</c> event.</summary>
    public async Task ReadAll(CancellationToken stop)
    {
        while (true)
        {
            await ReadStream(stop);
            if (_ended || Reconnects == MostReconnects)
                break;
            Reconnects++;
            await Open(stop);
            if (_stream is null)
                break; // nothing follows: the end went by unseen
        }

        EndedAt = Stopwatch.GetTimestamp();
        Checker.End();
    }

    private async Task ReadStream(CancellationToken stop)
    {
        try
        {
            await using var stream = _stream!;
            var parser = SseParser.Create(stream, Handle);
            await foreach (var item in parser.EnumerateAsync(stop))
            {
                Events++;
                _lastId = parser.LastEventId;
                if (item.Data)
                {
                    _ended = true;
                    return;
                }
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // a cut stream is continued; a cut inside an event leaves that event unread
        }
    }

    /// <returns>Whether the event is the last.</returns>
    private bool Handle(string type, ReadOnlySpan<byte> data)
    {
        if (type == "output")
            Checker.Read(_text.Of(data));
        return type == "end";
    }
}
