using System.Text.Json.Serialization;

namespace Fleet.Control.Chat.Responses;

/// <summary>One thing that came of a response: a message, what the model thought, or a call of a function.</summary>
/// <param name="Type"><c>message</c>, <c>reasoning</c> or <c>function_call</c>.</param>
/// <param name="Content">Of a message.</param>
/// <param name="Summary">Of what was thought: all of it, in the place where clients look for it.</param>
/// <param name="Arguments">Of a call: JSON as a text.</param>
internal sealed record ResponseItem(
    string Id,
    string Type,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ResponsePart>? Content = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ResponsePart>? Summary = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CallId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Arguments = null)
{
    public const string Message = "message";
    public const string Reasoning = "reasoning";
    public const string FunctionCall = "function_call";
}

/// <param name="Type"><c>output_text</c> or <c>summary_text</c>.</param>
/// <param name="Annotations">Of what is said: an empty list, which clients want to see.</param>
/// <param name="Logprobs">The same.</param>
internal sealed record ResponsePart(
    string Type,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Annotations = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Logprobs = null)
{
    public static ResponsePart Said(string text) => new("output_text", text, [], []);

    public static ResponsePart Thought(string text) => new("summary_text", text);
}
