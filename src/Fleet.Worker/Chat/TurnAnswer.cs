using Fleet.Contracts.Chat;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Chat;

/// <summary>Gathers what an upstream answers, and passes it on as it comes.</summary>
internal sealed class TurnAnswer(GatheredAnswer answer, TurnOutput output)
{
    private const int MostRemarks = 100;
    private const int MostBeats = 10_000;

    private Remarked _remark = new();
    private int _remarks;
    private int _beats;
    private bool _isStreamed = true;
    private bool _isRecovered;

    /// <exception cref="UpstreamException">The answer is longer than it may be.</exception>
    public Task Take(ModelPiece piece, CancellationToken stop)
    {
        switch (piece)
        {
            case Lived({ } seconds) when ++_beats <= MostBeats: // more are heard, and not passed on
                return output.Note(new TurnNote(TurnNote.Heartbeat, seconds, Upstream: true), stop);
            case Remarked remark:
                return Remark(remark, stop);
            case InOnePiece:
                _isStreamed = false;
                return Meta(stop);
            default:
                return output.Write(answer.Take(piece), stop);
        }
    }

    /// <summary>The answer is there already.</summary>
    public async Task Recover(FormerAnswerFound found, CancellationToken stop)
    {
        (_isStreamed, _isRecovered) = (false, true);
        await Take(found.Remark, stop);
        await Take(new Said(found.Text), stop);
        await Take(new Answered("stop"), stop);
    }

    /// <summary>The <see cref="TurnResult"/>.</summary>
    /// <exception cref="UpstreamException">The answer has no end.</exception>
    public string ToJson(string? model)
    {
        var end = answer.End;
        return CallResult.Json(new TurnResult(
            answer.Content,
            answer.Upstream,
            _isStreamed,
            model,
            answer.Thinking,
            _isRecovered,
            end.DoneReason,
            _remark.UsedTools,
            _remark.RowsSeen,
            _remark.ClassifierTag,
            _remark.Conversation,
            answer.ToolCallsJson,
            end.PromptTokens,
            end.CompletionTokens,
            answer.FirstMs,
            answer.TotalMs));
    }

    /// <summary>Each remark says all that was said so far.</summary>
    private async Task Remark(Remarked said, CancellationToken stop)
    {
        if (++_remarks > MostRemarks)
            return;
        foreach (var tool in (said.UsedTools ?? []).Skip(_remark.UsedTools?.Count ?? 0))
            await output.Note(new TurnNote(TurnNote.Tool, ToolName: tool), stop);
        _remark = new Remarked(
            said.UsedTools ?? _remark.UsedTools,
            said.RowsSeen ?? _remark.RowsSeen,
            said.ClassifierTag ?? _remark.ClassifierTag,
            said.Conversation ?? _remark.Conversation);
        await Meta(stop);
    }

    private Task Meta(CancellationToken stop) => output.Note(
        new TurnNote(
            TurnNote.Meta,
            Upstream: true,
            UsedTools: _remark.UsedTools,
            RowsSeen: _remark.RowsSeen,
            ClassifierTag: _remark.ClassifierTag,
            UpstreamConversation: _remark.Conversation,
            InOnePiece: _isStreamed || _isRecovered ? null : true),
        stop);
}
