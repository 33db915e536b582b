using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Sockets;

/// <summary>
/// One agent on a socket, as restic-manager's is one: it says hello, beats its heart, and while asked to asks for an answer each second,
/// whose lateness is measured.
/// </summary>
internal sealed class SocketClient(string name, string token) : IDisposable
{
    public const string Path = "/ws/agent";

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Messages that came.</summary>
    public int Heard { get; private set; }

    public async Task Connect(Uri server, CancellationToken stop)
    {
        _socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await _socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = Path }.Uri, stop);
        await Say("hello", null, new
        {
            protocol_version = 1,
            agent_version = "bench",
            restic_version = "0.14.0",
            hostname = name,
            os = "linux",
            arch = "amd64",
        }, stop);
    }

    /// <summary>Hears and beats until it is stopped.</summary>
    /// <param name="latencies">Where a measure of each answer goes; null where it asks for none.</param>
    public async Task Live(Latencies? latencies, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(Hear(latencies, stop), Repeat(Beat, "heartbeat", stop), latencies is null ? Task.CompletedTask : Ask(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the run is over
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task Repeat(TimeSpan pause, string type, CancellationToken stop)
    {
        await Task.Delay(pause * Random.Shared.NextDouble(), stop);
        while (true)
        {
            await Say(type, null, new { sent_at = DateTimeOffset.UtcNow }, stop);
            await Task.Delay(pause, stop);
        }
    }

    /// <summary>Progress of a job that this agent does not have is answered with an error that names it by its id.</summary>
    private async Task Ask(CancellationToken stop)
    {
        await Task.Delay(Second * Random.Shared.NextDouble(), stop);
        while (true)
        {
            var sentAt = Stopwatch.GetTimestamp().ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Say("job.progress", sentAt, new { job_id = "none", percent_done = 0.5, total_files = 1000, files_done = 500 }, stop);
            await Task.Delay(Second, stop);
        }
    }

    private async Task Hear(Latencies? latencies, CancellationToken stop)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var length = 0;
            for (var isLast = false; !isLast;)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), stop);
                if (part.MessageType == WebSocketMessageType.Close)
                    throw new InvalidOperationException($"{name} was let go: {_socket.CloseStatusDescription}");
                length += part.Count;
                isLast = part.EndOfMessage;
                if (length == buffer.Length)
                    Array.Resize(ref buffer, 2 * length);
            }

            Heard++;
            if (latencies is not null)
                Measure(buffer.AsMemory(0, length), latencies);
        }
    }

    private static void Measure(ReadOnlyMemory<byte> message, Latencies latencies)
    {
        using var said = JsonDocument.Parse(message);
        if (said.RootElement.TryGetProperty("id", out var id) && long.TryParse(id.GetString(), out var sentAt))
            latencies.Add(Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds);
    }

    private async Task Say(string type, string? id, object payload, CancellationToken stop)
    {
        await _sending.WaitAsync(stop);
        try
        {
            await _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(new { type, id, payload }), WebSocketMessageType.Text, endOfMessage: true, stop);
        }
        finally
        {
            _sending.Release();
        }
    }
}
