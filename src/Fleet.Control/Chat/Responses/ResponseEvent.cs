using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// One event of a response's stream (https://platform.openai.com/docs/api-reference/responses-streaming). Each type has some of
/// the fields.
/// </summary>
/// <param name="SequenceNumber">From 0, without gaps, and the same for every reader at any time.</param>
internal sealed record ResponseEvent(string Type, long SequenceNumber = 0)
{
    private const JsonIgnoreCondition IfNull = JsonIgnoreCondition.WhenWritingNull;

    [JsonIgnore(Condition = IfNull)]
    public Response? Response { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public int? OutputIndex { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public ResponseItem? Item { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public string? ItemId { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public int? ContentIndex { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public int? SummaryIndex { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public ResponsePart? Part { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public string? Delta { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public string? Text { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public string? Name { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public string? Arguments { get; init; }

    [JsonIgnore(Condition = IfNull)]
    public IReadOnlyList<string>? Logprobs { get; init; }

    /// <summary>As a server-sent event.</summary>
    public byte[] ToEvent() =>
        Encoding.UTF8.GetBytes($"event: {Type}\ndata: {JsonSerializer.Serialize(this, Responses.Response.Json)}\n\n");
}
