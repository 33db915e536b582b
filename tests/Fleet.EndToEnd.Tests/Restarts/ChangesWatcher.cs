using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>Watches all that changes of jobs, and comes back as a browser does.</summary>
internal sealed class ChangesWatcher(FleetClient client) : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _latest = [];
    private readonly ConcurrentDictionary<string, string> _ended = [];
    private readonly HashSet<string> _ids = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private string? _reached;

    public Task Begun => _begun.Task;

    public bool HasSeenEndOf(IEnumerable<string> jobs) => jobs.All(_ended.ContainsKey);

    public void End() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    /// <param name="complain">Told what is wrong: a break, an answer that is an error, a change twice or in the wrong order.</param>
    /// <param name="leaving">From then on a broken connection is nobody's fault.</param>
    public async Task Watch(Action<string> complain, CancellationToken leaving)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.Follow("/v1/events?kind=job", _reached);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                await Read(await answer.Content.ReadAsStreamAsync(_end.Token), complain);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                if (!leaving.IsCancellationRequested)
                    complain($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} watch everything: {broken}");
            }
        }
    }

    private async Task Read(Stream stream, Action<string> complain)
    {
        using var lines = new StreamReader(stream);
        string? id = null, data = null, type = null;
        while (await lines.ReadLineAsync(_end.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line["id: ".Length..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line["data: ".Length..];
            if (line.Length > 0)
                continue;
            _reached = id ?? _reached;
            if (data is not null)
                Take(type!, id!, data, complain);
            (id, data, type) = (null, null, null);
        }
    }

    private void Take(string type, string id, string data, Action<string> complain)
    {
        _begun.TrySetResult();
        if (type != "job")
        {
            if (type != "ready")
                complain($"all that changes begins anew: {type}");
            return;
        }

        var change = FleetJson.Read<JobChange>(data);
        if (!_ids.Add(id))
            complain($"change {id} came twice");
        if (_latest.TryGetValue(change.Id, out var before) && before >= change.Seq)
            complain($"job {change.Id}: {change.Seq} came after {before}");
        _latest[change.Id] = change.Seq;
        if (change.Type == "state" && change.Data.GetProperty("to").GetString() is { } state && JobView.IsTerminal(state)
            && !_ended.TryAdd(change.Id, state))
            complain($"job {change.Id} ended twice");
    }

    private sealed record JobChange(string Id, long Seq, string Type, JsonElement Data);
}
