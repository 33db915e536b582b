using System.Text.Json;
using Fleet.Contracts.Models;

namespace Fleet.Control.Platform.Models;

/// <summary>Model calls: as clients write them, and what the queue needs to know of them.</summary>
internal static class InferenceSpecs
{
    /// <summary>Attempts that a model call has where nothing else is asked for.</summary>
    public const int MaxAttempts = 3;

    /// <summary>The capability that an agent needs for an operation.</summary>
    public static string CapabilityOf(string operation) =>
        operation == InferenceSpec.Embed ? ReadyUpstream.Embedding : ReadyUpstream.Generation;

    /// <param name="call">One that <see cref="InferenceRules"/> has nothing against.</param>
    public static InferenceSpec Translate(InferenceRequest call) => new(
        call.Operation,
        call.Model!,
        call.Messages?.ConvertAll(message => Translate(message!)),
        call.Prompt,
        call.Suffix,
        call.System,
        call.Template,
        call.Raw,
        call.Images?.ConvertAll(image => image!),
        Inputs(call.Input),
        call.Truncate,
        call.Dimensions,
        Text(call.Tools),
        Text(call.Format),
        Text(call.Options),
        Text(call.Think),
        Text(call.KeepAlive));

    private static ChatMessage Translate(ChatMessageRequest message) => new(
        message.Role!,
        message.Content ?? "",
        message.Thinking,
        message.Images?.ConvertAll(image => image!),
        Text(message.ToolCalls),
        message.ToolName,
        message.ToolCallId);

    private static List<string>? Inputs(JsonElement? input) => input switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(text => text.GetString()!)],
        _ => null,
    };

    private static string? Text(JsonElement? value) =>
        value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } there ? there.GetRawText() : null;
}
