using System.Text.Json;

namespace Fleet.Worker.Platform.Upstreams.Aichat;

/// <summary>
/// What the frames of a turn say: those without a name are told apart by their <c>type</c>, <c>chunk meta done error</c>;
/// a <c>heartbeat</c> has a name. Others say nothing here.
/// </summary>
internal static class AichatFrames
{
    private const int MostTools = 200;
    private const int LongestName = 200;

    /// <exception cref="UpstreamException">It is an error, or no frame.</exception>
    public static IReadOnlyList<ModelPiece> Pieces(string upstream, EventFrame frame)
    {
        if (frame.Name == "heartbeat")
            return [Heartbeat(frame)];
        using var document = Parse(upstream, frame);
        var said = document.RootElement;
        if (said.ValueKind != JsonValueKind.Object)
            throw UpstreamException.Rubbish(upstream, "a frame is no object.");
        switch (UpstreamJson.Text(said, "type"))
        {
            case "chunk":
                return UpstreamJson.Text(said, "content") is { Length: > 0 } text ? [new Said(text)] : [];
            case "meta":
                return [RemarkOf(said)];
            case "done":
                var done = new Answered("stop");
                return Id(said, "conversation_id") is { } conversation
                    ? [new Remarked(Conversation: conversation), done]
                    : [done];
            case "error":
                throw ErrorOf(upstream, said);
            case null:
                throw UpstreamRefusal.SentenceOf(said) is { } error
                    ? UpstreamException.Error(upstream, error)
                    : UpstreamException.Rubbish(upstream, "a frame has no type.");
            default:
                return [];
        }
    }

    /// <summary>An answer that came in one piece.</summary>
    /// <exception cref="UpstreamException">It is an error, or no answer.</exception>
    public static List<ModelPiece> Whole(string upstream, byte[] bytes)
    {
        using var document = UpstreamJson.Parse(upstream, bytes);
        var said = document.RootElement;
        if (UpstreamRefusal.SentenceOf(said) is { } error)
            throw UpstreamException.Error(upstream, error);
        var text = AnswerOf(said) ?? throw UpstreamException.Rubbish(upstream, "it has no answer in it.");
        return [new Said(text), RemarkOf(said), new Answered("stop")];
    }

    /// <summary>Null where there is none.</summary>
    public static string? AnswerOf(JsonElement said) =>
        UpstreamJson.Text(said, "response") ?? UpstreamJson.Text(said, "content") ?? UpstreamJson.Text(said, "answer");

    /// <summary>Lists may be null or absent, which is the same.</summary>
    public static Remarked RemarkOf(JsonElement said)
    {
        var meta = said.TryGetProperty("meta", out var inside) && inside.ValueKind == JsonValueKind.Object ? inside : said;
        return new Remarked(
            List(meta, "used_tools")?.Select(tool => tool.ValueKind == JsonValueKind.String ? Cut(tool.GetString()!) : "").ToList(),
            List(meta, "rows_seen")?.Select(rows => rows.ValueKind == JsonValueKind.Number && rows.TryGetInt32(out var count) ? count : 0)
                .ToList(),
            UpstreamJson.Text(meta, "classifier_tag") is { Length: > 0 } tag ? Cut(tag) : null,
            Id(said, "conversation_id"));
    }

    /// <summary>Null where there is none, or none that could be one.</summary>
    public static string? Id(JsonElement of, string name) =>
        UpstreamJson.Text(of, name) is { Length: > 0 and <= LongestName } id && !id.Any(char.IsControl) ? id : null;

    private static Lived Heartbeat(EventFrame frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame.Data);
            return new Lived((int)Math.Clamp(UpstreamJson.Number(document.RootElement, "elapsed_seconds") ?? 0, 0, int.MaxValue));
        }
        catch (JsonException)
        {
            return new Lived(); // it lives all the same
        }
    }

    /// <summary>What ends in the middle of a frame was cut off, and says nothing wrong.</summary>
    private static JsonDocument Parse(string upstream, EventFrame frame)
    {
        try
        {
            return UpstreamJson.Parse(upstream, frame.Data);
        }
        catch (UpstreamException) when (!frame.IsWhole)
        {
            throw UpstreamException.Cut(upstream, "it ended in the middle of a frame.");
        }
    }

    private static UpstreamException ErrorOf(string upstream, JsonElement said) => UpstreamException.Own(
        upstream,
        UpstreamJson.Text(said, "code"),
        UpstreamJson.Text(said, "message") ?? "",
        isFinal: said.TryGetProperty("retryable", out var retryable) && retryable.ValueKind == JsonValueKind.False);

    private static IEnumerable<JsonElement>? List(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Take(MostTools)
            : null;

    private static string Cut(string text) => PlainText.Of(text.Length > LongestName ? text[..LongestName] : text);
}
