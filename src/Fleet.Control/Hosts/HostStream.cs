using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;
using Fleet.Hosting.Stops;
using Fleet.Protocol.AgentSocket;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Hosts;

/// <summary>
/// The journal of a backup as the messages that an agent sends of it: from the beginning, then live, and closed after the end. A
/// slow reader falls behind and loses nothing.
/// </summary>
internal sealed class HostStream(JournalFeed feed, WorkStore store, Leaving leaving)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task Write(WorkRow work, HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = Quiet, KeepAliveTimeout = Patience });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, leaving.Over);
        var closed = UntilClosed(socket, gone);
        try
        {
            await foreach (var page in feed.Follow(work.CorrelationId, 0, Quiet, gone.Token))
            {
                foreach (var entry in page)
                {
                    if (await MessageOf(entry, work, gone.Token) is { } message)
                        await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, gone.Token);
                }
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", gone.Token);
            await closed.WaitAsync(Patience, context.RequestAborted);
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // the watcher is gone
        }
    }

    /// <summary>A watcher has nothing to say; that it leaves is all that counts.</summary>
    private static async Task UntilClosed(WebSocket socket, CancellationTokenSource gone)
    {
        var ignored = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(ignored.AsMemory(), gone.Token)).MessageType != WebSocketMessageType.Close)
            {
                // on it goes
            }
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException)
        {
            // gone without a word
        }

        await gone.CancelAsync();
    }

    /// <summary>Null for what these clients have no word for.</summary>
    private async Task<byte[]?> MessageOf(JournalEntry entry, WorkRow work, CancellationToken stop)
    {
        var job = WireId.Format(work.CorrelationId);
        if (entry.Output is { } bytes)
        {
            return Envelope.Write(JobLogLine.Type, null, new
            {
                job_id = job,
                seq = entry.Seq,
                ts = entry.At,
                stream = entry.Type,
                payload = Encoding.UTF8.GetString(bytes).TrimEnd('\n'),
            });
        }

        if (entry.IsLast)
            return Finished(await store.Find(work.CorrelationId, stop) ?? work, job, entry.At);
        using var data = JsonDocument.Parse(entry.Data ?? "{}");
        return entry.Type switch
        {
            "state" when Text(data, "to") == "running" =>
                Envelope.Write(JobStarted.Type, null, new { job_id = job, kind = work.Kind, started_at = entry.At }),
            "progress" => Progress(data, job),
            _ => null,
        };
    }

    private static byte[]? Progress(JsonDocument data, string job)
    {
        if (Text(data, "text") is not { } text || !text.StartsWith('{'))
            return null;
        using var said = JsonDocument.Parse(text);
        var payload = new Dictionary<string, object> { ["job_id"] = job };
        foreach (var field in said.RootElement.EnumerateObject())
            payload[field.Name] = field.Value.Clone();
        return Envelope.Write(JobProgress.Type, null, payload);
    }

    private static byte[] Finished(WorkRow work, string job, DateTimeOffset at)
    {
        using var result = JsonDocument.Parse(work.Result ?? "{}");
        var hasStats = result.RootElement.ValueKind == JsonValueKind.Object
            && result.RootElement.TryGetProperty("summary", out var found) && found.ValueKind == JsonValueKind.Object;
        return Envelope.Write(JobFinished.Type, null, new
        {
            job_id = job,
            status = work.State switch
            {
                WorkStates.Succeeded => JobFinished.Succeeded,
                WorkStates.Cancelled => JobFinished.Cancelled,
                _ => JobFinished.Failed,
            },
            exit_code = work.ExitCode,
            stats = hasStats ? result.RootElement.GetProperty("summary") : (JsonElement?)null,
            error = work.ErrorMessage,
            finished_at = at,
        });
    }

    private static string? Text(JsonDocument data, string name) =>
        data.RootElement.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;
}
