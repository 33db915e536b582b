using Fleet.Contracts.Attempts;

namespace Fleet.Contracts.Models;

/// <summary>
/// One call of a model, in the words of Ollama's API; agents translate for upstreams that speak another one. JSON that
/// only the upstream reads is carried as text.
/// </summary>
/// <param name="Operation"><c>chat</c>, <c>generate</c> or <c>embed</c>.</param>
/// <param name="Model">The model's name as its upstream knows it.</param>
/// <param name="Messages">With <c>chat</c>: the conversation so far, oldest first.</param>
/// <param name="Prompt">With <c>generate</c>.</param>
/// <param name="Suffix">With <c>generate</c>: what follows the place to be filled.</param>
/// <param name="System">With <c>generate</c>: replaces the model's own system text.</param>
/// <param name="Template">With <c>generate</c>: replaces the model's own template.</param>
/// <param name="Raw">With <c>generate</c>: the prompt is not put into a template.</param>
/// <param name="Images">With <c>generate</c>: base64.</param>
/// <param name="Input">With <c>embed</c>: the texts, in the order of the vectors.</param>
/// <param name="Truncate">With <c>embed</c>: false fails on a text that is too long.</param>
/// <param name="Dimensions">With <c>embed</c>: length of the vectors.</param>
/// <param name="ToolsJson">With <c>chat</c>: an array of what the model may call.</param>
/// <param name="FormatJson"><c>"json"</c> or a JSON schema that the answer keeps to.</param>
/// <param name="OptionsJson">An object of parameters: <c>temperature num_predict seed stop …</c>.</param>
/// <param name="ThinkJson">true, false, or a level as a string.</param>
/// <param name="KeepAliveJson">How long the model stays loaded: a duration as a string, or seconds.</param>
public sealed record InferenceSpec(
    string Operation,
    string Model,
    IReadOnlyList<ChatMessage>? Messages = null,
    string? Prompt = null,
    string? Suffix = null,
    string? System = null,
    string? Template = null,
    bool Raw = false,
    IReadOnlyList<string>? Images = null,
    IReadOnlyList<string>? Input = null,
    bool? Truncate = null,
    int? Dimensions = null,
    string? ToolsJson = null,
    string? FormatJson = null,
    string? OptionsJson = null,
    string? ThinkJson = null,
    string? KeepAliveJson = null)
{
    /// <summary>The kind of work.</summary>
    public const string Kind = "inference";

    /// <summary>The operation that only asks for vectors.</summary>
    public const string Embed = "embed";
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system user assistant tool</c>.</param>
/// <param name="Thinking">What the assistant thought before it spoke.</param>
/// <param name="Images">Base64.</param>
/// <param name="ToolCallsJson">An array of what the assistant called: <c>[{id?, function: {name, arguments}}]</c> with
/// the arguments as an object.</param>
/// <param name="ToolName">With <c>tool</c>: which tool's answer this is.</param>
/// <param name="ToolCallId">With <c>tool</c>: which call's answer this is.</param>
public sealed record ChatMessage(
    string Role,
    string Content,
    string? Thinking = null,
    IReadOnlyList<string>? Images = null,
    string? ToolCallsJson = null,
    string? ToolName = null,
    string? ToolCallId = null);

/// <summary>What a model call leaves as <see cref="AttemptResult.ResultJson"/>, in snake_case.</summary>
/// <param name="Message">The whole answer to <c>chat</c> and <c>generate</c>.</param>
/// <param name="Embeddings">The vectors, in the order of the input.</param>
/// <param name="DoneReason">Why it ended: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, …</param>
/// <param name="Upstream">Name of the upstream that answered.</param>
/// <param name="FirstTokenMs">From the request to the first piece of the answer.</param>
/// <param name="TotalMs">From the request to the end.</param>
/// <param name="LoadMs">Of it, loading the model, where the upstream tells.</param>
public sealed record InferenceResult(
    string Model,
    DateTimeOffset CreatedAt,
    ChatMessage? Message = null,
    IReadOnlyList<float[]>? Embeddings = null,
    string? DoneReason = null,
    string? Upstream = null,
    long? PromptTokens = null,
    long? CompletionTokens = null,
    double? FirstTokenMs = null,
    double? TotalMs = null,
    double? LoadMs = null,
    double? PromptMs = null,
    double? CompletionMs = null);
