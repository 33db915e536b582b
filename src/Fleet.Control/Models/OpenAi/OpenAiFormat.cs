using System.Buffers;
using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Models.OpenAi;

/// <summary>
/// OpenAI's answers to chats and completions: JSON, or server-sent events of it that end with <c>[DONE]</c>.
/// </summary>
/// <param name="created">When the call was made.</param>
/// <param name="withUsage">Pieces end with one that counts the tokens.</param>
internal sealed class OpenAiFormat(Guid job, string model, DateTimeOffset created, bool isChat, bool withUsage) : IPieceFormat
{
    private bool _hasBegun;
    private bool _hasCalls;

    public string ContentType => "text/event-stream";

    public void Write(IBufferWriter<byte> output, ModelPiece news)
    {
        if (news is QuietPiece)
        {
            output.Write(": keep-alive\n\n"u8);
            return;
        }

        foreach (var data in Data(news))
        {
            output.Write("data: "u8);
            using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = OllamaAnswer.Json.Encoder }))
            {
                JsonSerializer.Serialize(
                    json, withUsage && data is OpenAiAnswer piece ? OpenAiCountedPiece.Of(piece) : data, OllamaAnswer.Json);
            }

            output.Write("\n\n"u8);
        }

        if (news is EndPiece)
            output.Write("data: [DONE]\n\n"u8);
    }

    public object Whole(InferenceResult result)
    {
        var calls = result.Message?.ToolCallsJson is { } json ? Calls(0, ToolCall.ReadAll(json), inPieces: false) : [];
        _hasCalls = calls.Count > 0;
        var text = result.Message?.Content ?? "";
        var choice = isChat
            ? new OpenAiChoice(0, new OpenAiWholeMessage(
                "assistant",
                text.Length == 0 && _hasCalls ? null : text,
                Refusal: null,
                result.Message?.Thinking is { Length: > 0 } thinking ? thinking : null,
                _hasCalls ? calls : null))
            : new OpenAiChoice(0, Text: text);
        return Answer(isChat ? "chat.completion" : "text_completion", [choice with { FinishReason = Reason(result) }])
            with
        { Usage = Usage(result) };
    }

    private IEnumerable<object> Data(ModelPiece piece)
    {
        switch (piece)
        {
            case FailurePiece { Failure: var failure }:
                yield return ProblemShape.OpenAi.Body(failure.ToProblem());
                yield break;
            case SaidPiece said:
                yield return Piece(new OpenAiMessage(Content: said.Text));
                break;
            case ThoughtPiece thought when isChat:
                yield return Piece(new OpenAiMessage(Content: "", Reasoning: thought.Text));
                break;
            case ToolsPiece tools when isChat:
                _hasCalls = true;
                yield return Piece(new OpenAiMessage(ToolCalls: Calls(tools.First, tools.Calls, inPieces: true)));
                break;
            case EndPiece end:
                yield return Piece(new OpenAiMessage(), Reason(end.Result));
                if (withUsage)
                    yield return Answer(PieceName, []) with { Usage = Usage(end.Result) };
                break;
        }
    }

    private string PieceName => isChat ? "chat.completion.chunk" : "text_completion";

    private OpenAiAnswer Piece(OpenAiMessage delta, string? reason = null)
    {
        if (!isChat)
            return Answer(PieceName, [new OpenAiChoice(0, Text: delta.Content ?? "", FinishReason: reason)]);
        if (!_hasBegun)
            delta = delta with { Role = "assistant", Content = delta.Content ?? (delta.ToolCalls is null ? "" : null) };
        _hasBegun = true;
        return Answer(PieceName, [new OpenAiChoice(0, Delta: delta, FinishReason: reason)]);
    }

    private OpenAiAnswer Answer(string kind, IReadOnlyList<OpenAiChoice> choices) => new(
        (isChat ? "chatcmpl-" : "cmpl-") + WireId.Format(job), kind, created.ToUnixTimeSeconds(), model, choices);

    private List<OpenAiToolCall> Calls(int first, IReadOnlyList<ToolCall> calls, bool inPieces) =>
    [
        .. calls.Select((call, place) => new OpenAiToolCall(
            call.Id ?? $"call_{WireId.Format(job)}_{first + place}",
            "function",
            new OpenAiFunction(
                call.Name, call.Arguments.ValueKind == JsonValueKind.Undefined ? "{}" : call.Arguments.GetRawText()),
            inPieces ? first + place : null)),
    ];

    /// <summary>An answer that was cut off is so with calls too: their arguments may not be whole.</summary>
    private string Reason(InferenceResult result) => result.DoneReason switch
    {
        "length" => "length",
        "content_filter" => "content_filter",
        _ when _hasCalls => "tool_calls",
        _ => "stop",
    };

    private static OpenAiUsage Usage(InferenceResult result)
    {
        var (prompt, completion) = (result.PromptTokens ?? 0, result.CompletionTokens ?? 0);
        return new OpenAiUsage(prompt, completion, prompt + completion);
    }
}
