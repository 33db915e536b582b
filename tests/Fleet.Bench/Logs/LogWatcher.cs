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

    private static readonly TimeSpan BeforeReconnect = TimeSpan.FromMilliseconds(100);

    private readonly OutputText _text = new();
    private Stream? _stream;
    private string? _lastId;

    public LineChecker Checker { get; } = new(lines);

    public int Reconnects { get; private set; }

    public long Events { get; private set; }

    /// <summary>The <see cref="Stopwatch"/> timestamp of the <c>end</c> event.</summary>
    public long EndedAt { get; private set; }

    public async Task Open(CancellationToken stop) => _stream = await api.Watch(jobId, _lastId, stop);

    /// <summary>Reads until the <c>end</c> event.</summary>
    public async Task ReadAll(CancellationToken stop)
    {
        while (!await TryReadToEnd(stop) && Reconnects < MostReconnects)
        {
            Reconnects++;
            await Task.Delay(BeforeReconnect, stop);
        }

        EndedAt = Stopwatch.GetTimestamp();
        Checker.End();
    }

    /// <returns>Whether nothing follows; false when the stream was cut. An event that was cut is unread.</returns>
    private async Task<bool> TryReadToEnd(CancellationToken stop)
    {
        try
        {
            await using var stream = Interlocked.Exchange(ref _stream, null) ?? await api.Watch(jobId, _lastId, stop);
            return stream is null || await ReadToEnd(stream, stop);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException { StatusCode: null })
        {
            return false;
        }
    }

    private async Task<bool> ReadToEnd(Stream stream, CancellationToken stop)
    {
        var parser = SseParser.Create(stream, Handle);
        await foreach (var item in parser.EnumerateAsync(stop))
        {
            Events++;
            _lastId = parser.LastEventId;
            if (item.Data)
                return true;
        }

        return false;
    }

    /// <returns>Whether the event is the last.</returns>
    private bool Handle(string type, ReadOnlySpan<byte> data)
    {
        if (type == "output")
            Checker.Read(_text.Of(data));
        return type == "end";
    }
}
