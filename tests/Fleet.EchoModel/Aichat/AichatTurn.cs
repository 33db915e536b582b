using System.Diagnostics;

namespace Fleet.EchoModel.Aichat;

/// <summary>Answers one question; whatever becomes of the connection, the conversation keeps what it is to keep.</summary>
internal sealed class AichatTurn(
    HttpContext context,
    EchoServer server,
    EchoBehaviour behaviour,
    EchoConversation conversation,
    bool isResumed,
    string message)
{
    private readonly AichatBehaviour _behaviour = behaviour.Aichat ?? new AichatBehaviour();
    private readonly EchoTurn _turn = conversation.Ask(message);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly IReadOnlyList<string> _words = behaviour.Words is { } count ? EchoWords.Counted(count) : EchoWords.Split(message);

    private long DurationMs => (long)Stopwatch.GetElapsedTime(_began).TotalMilliseconds;

    private string Whole => string.Concat(_words);

    public async Task Answer(bool streams)
    {
        var isWhole = false;
        try
        {
            context.Response.ContentType = streams ? "text/event-stream" : "application/json; charset=utf-8";
            var pace = new EchoPace(context, _behaviour.CutAfterBytes is null ? behaviour : behaviour with { Fault = null });
            isWhole = !await pace.Begin(server.Models, conversation.Persona) && await (streams ? Stream(pace) : OneShot(pace));
        }
        finally
        {
            if (isWhole)
                _turn.Finish(Whole, _behaviour);
            else
                _ = Break();
        }
    }

    private async Task<bool> Stream(EchoPace pace)
    {
        var answer = new AichatAnswer(context, behaviour);
        await context.Response.StartAsync(pace.Aborted);
        await context.Response.Body.FlushAsync(pace.Aborted);
        for (var beat = 1; beat <= _behaviour.Heartbeats; beat++)
        {
            await Task.Delay(_behaviour.HeartbeatMs, pace.Aborted);
            await Step(pace);
            await answer.Heartbeat(5 * beat);
        }

        if (_behaviour.Tools is not null || _behaviour.Tag is not null)
            await answer.Frame(new { Type = "meta", UsedTools = _behaviour.Tools, RowsSeen = _behaviour.Rows, ClassifierTag = _behaviour.Tag });
        foreach (var word in _words)
        {
            await Step(pace);
            if (answer.IsOver || await pace.Word())
                return false;
            await answer.Frame(new { Type = "chunk", Content = word });
        }

        if (answer.IsOver || await pace.End())
            return false;
        _turn.Finish(Whole, _behaviour);
        await answer.Frame(new
        {
            Type = "done",
            TurnId = _turn.Id,
            ConversationId = conversation.Id,
            DurationMs,
            PaneSpawned = !isResumed,
            Resumed = isResumed,
        });
        return true;
    }

    private async Task<bool> OneShot(EchoPace pace)
    {
        foreach (var _ in _words)
        {
            if (await pace.Word())
                return false;
        }

        await context.Response.WriteAsync(EchoJson.Text(new
        {
            TurnId = _turn.Id,
            ConversationId = conversation.Id,
            Response = Whole,
            UsedTools = _behaviour.Tools,
            RowsSeen = _behaviour.Rows,
            ClassifierTag = _behaviour.Tag,
            DurationMs,
            PaneSpawned = !isResumed,
            Resumed = isResumed,
        }), pace.Aborted);
        return true;
    }

    private Task Step(EchoPace pace) => _behaviour.Stepwise ? server.Stepped(pace.Aborted) : Task.CompletedTask;

    private async Task Break()
    {
        if (_behaviour.Forgets)
            conversation.Forget(_turn);
        else if (_behaviour.LateMs is { } late)
        {
            await Task.Delay(late);
            _turn.Finish(Whole, _behaviour);
        }
    }
}
