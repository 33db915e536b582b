using System.Buffers;
using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Models.Ollama;

/// <summary>
/// Ollama's answers: a JSON object to a line. <c>/api/chat</c> says it in a message, <c>/api/generate</c> in
/// <c>response</c>.
/// </summary>
/// <param name="model">The name that the caller used.</param>
internal sealed class OllamaFormat(string model, bool isChat) : IPieceFormat
{
    private static readonly JsonElement NoArguments = JsonSerializer.Deserialize<JsonElement>("{}");

    public string ContentType => "application/x-ndjson";

    public void Write(IBufferWriter<byte> output, ModelPiece piece)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = OllamaAnswer.Json.Encoder }))
            JsonSerializer.Serialize(json, Line(piece), OllamaAnswer.Json);
        output.Write("\n"u8);
    }

    public object Whole(InferenceResult result) =>
        isChat ? OllamaAnswer.OfChat(model, result) : OllamaAnswer.OfGenerate(model, result);

    private object Line(ModelPiece piece) => piece switch
    {
        SaidPiece said => Piece(said, said.Text),
        ThoughtPiece thought => Piece(thought, "", thought.Text),
        ToolsPiece tools => Piece(tools, "") with { Message = new OllamaMessage("assistant", "", ToolCalls: Calls(tools)) },
        EndPiece end => Last(end),
        FailurePiece failure => new { Error = failure.Failure.Sentence },
        _ => Piece(piece, ""),
    };

    private OllamaAnswer Piece(ModelPiece piece, string text, string? thinking = null) => isChat
        ? new OllamaAnswer(model, piece.At, new OllamaMessage("assistant", text, thinking))
        : new OllamaAnswer(model, piece.At, Response: text, Thinking: thinking);

    private OllamaAnswer Last(EndPiece end) => OllamaAnswer.End(model, end.Result) with
    {
        CreatedAt = end.At,
        Message = isChat ? new OllamaMessage("assistant", "") : null,
        Response = isChat ? null : "",
    };

    private static JsonElement Calls(ToolsPiece tools) => JsonSerializer.SerializeToElement(
        tools.Calls.Select(call => new
        {
            call.Id,
            Function = new { call.Name, Arguments = call.Arguments.ValueKind == JsonValueKind.Undefined ? NoArguments : call.Arguments },
        }),
        OllamaAnswer.Json);
}
