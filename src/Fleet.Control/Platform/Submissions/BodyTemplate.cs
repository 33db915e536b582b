using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Control.Platform.Submissions;

/// <summary>
/// Puts values into the texts of a body: <c>{{scheduled_at}}</c>. Names that are unknown stay as they are, since programs
/// and scripts have such brackets too.
/// </summary>
internal static partial class BodyTemplate
{
    public static string Fill(string body, IReadOnlyDictionary<string, string> values)
    {
        if (!body.Contains("{{", StringComparison.Ordinal) || JsonNode.Parse(body) is not { } root)
            return body;
        return Filled(root, values)?.ToJsonString() ?? body;
    }

    private static JsonNode? Filled(JsonNode? node, IReadOnlyDictionary<string, string> values) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field =>
            KeyValuePair.Create(field.Key, Filled(field.Value, values)))),
        JsonArray items => new JsonArray([.. items.Select(item => Filled(item, values))]),
        JsonValue value when value.TryGetValue(out string? text) => JsonValue.Create(
            Name().Replace(text, found => values.GetValueOrDefault(found.Groups[1].Value, found.Value))),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"\{\{\s*([a-z_]+)\s*\}\}")]
    private static partial Regex Name();
}
