using System.Text.Json;

namespace Fleet.Worker.Backups;

/// <summary>Hears what one run says on both its streams, passes it on, and keeps what its end is judged by.</summary>
/// <param name="other">Takes objects that are neither progress, issue nor summary; without it they are kept.</param>
internal sealed class ResticHearing(BackupOutput output, Func<JsonElement, string, Task>? other, int mostSaid) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1); // two pipes, one after the other
    private readonly List<JsonElement> _others = [];
    private readonly Queue<string> _said = new();

    public JsonElement? Summary { get; private set; }

    public IReadOnlyList<JsonElement> Others => _others;

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
                return output.Say(said);
            default:
                return Task.CompletedTask;
        }
    }

    private void Keep(string said)
    {
        _said.Enqueue(output.Redacted(said));
        if (_said.Count > mostSaid)
            _said.Dequeue();
    }
}
