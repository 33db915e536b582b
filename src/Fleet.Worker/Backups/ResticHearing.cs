using System.Diagnostics;
using System.Text.Json;

namespace Fleet.Worker.Backups;

/// <summary>Hears what one run says on both its streams, passes it on, and keeps what its end is judged by.</summary>
/// <param name="other">Takes objects that are neither progress, issue nor summary; without it they are kept.</param>
/// <param name="patience">How long restic may try again what does not work before it is given up.</param>
internal sealed class ResticHearing(BackupOutput output, Func<JsonElement, string, Task>? other, int mostSaid, TimeSpan patience)
    : IDisposable
{
    private const string TriesAgain = "returned error, retrying after";

    /// <summary>Trying again changes nothing about these.</summary>
    private static readonly string[] _refusals = ["403 Forbidden", "401 Unauthorized", "405 Method Not Allowed"];

    private readonly TaskCompletionSource _hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1); // two pipes, one after the other
    private readonly List<JsonElement> _others = [];
    private readonly Queue<string> _said = new();

    private long _troubleSince;
    private long _bytesDone;

    /// <summary>Completes when restic goes on trying what will not work.</summary>
    public Task Hopeless => _hopeless.Task;

    public JsonElement? Summary { get; private set; }

    public IReadOnlyList<JsonElement> Others => _others;

    /// <summary>As it was written: a secret may be among words that say what went wrong.</summary>
    public IReadOnlyList<string> Said => [.. _said];

    public async Task Hear(string line)
    {
        await _turn.WaitAsync();
        try
        {
            await Take(ResticLines.Read(line));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private Task Take(ResticLine line)
    {
        switch (line)
        {
            case ResticLine.Progress(var how):
                if (how.BytesDone > _bytesDone)
                    (_bytesDone, _troubleSince) = (how.BytesDone, 0);
                return output.Progress(how);
            case ResticLine.Issue(var what):
                Keep($"{what.Item}: {what.Message}");
                return output.Issue(what);
            case ResticLine.Summary(var json):
                Summary = json;
                return Task.CompletedTask;
            case ResticLine.Exit(_, var message):
                Keep(message);
                return output.Say(message);
            case ResticLine.Other(var json, var type) when other is not null:
                return other(json, type);
            case ResticLine.Other(var json, _):
                _others.Add(json);
                return Task.CompletedTask;
            case ResticLine.Text(var said):
                Keep(said);
                Judge(said);
                return output.Say(said);
            default:
                return Task.CompletedTask;
        }
    }

    private void Judge(string said)
    {
        if (!said.Contains(TriesAgain, StringComparison.Ordinal))
            return;
        if (_troubleSince == 0)
            _troubleSince = Stopwatch.GetTimestamp();
        var isRefused = _refusals.Any(refusal => said.Contains(refusal, StringComparison.Ordinal));
        if (isRefused || Stopwatch.GetElapsedTime(_troubleSince) > patience)
            _hopeless.TrySetResult();
    }

    private void Keep(string said)
    {
        _said.Enqueue(said);
        if (_said.Count > mostSaid)
            _said.Dequeue();
    }
}
