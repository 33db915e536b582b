using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Takes out of texts who and where: names that are known, URLs, addresses and paths.</summary>
/// <param name="names">Of users, hosts and authors.</param>
internal sealed partial class Redaction(IEnumerable<string?> names)
{
    private const int ShortestName = 2;

    private readonly Regex? _names = Names(names);

    /// <summary>Fields that say who and where themselves.</summary>
    private static readonly string[] Fields = ["user", "agent", "author", "outcome_by", "created_by"];

    public string Of(string text)
    {
        text = Url().Replace(text, "<url>");
        text = Address().Replace(text, "<address>");
        text = Place().Replace(text, "<path>");
        return _names?.Replace(text, "<name>") ?? text;
    }

    /// <summary>All texts in it; fields that say who and where are gone.</summary>
    public JsonNode? Of(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                return new JsonObject(fields.Where(field => !Fields.Contains(field.Key))
                    .Select(field => KeyValuePair.Create(field.Key, Of(field.Value))));
            case JsonArray items:
                return new JsonArray([.. items.Select(Of)]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Of(text));
            default:
                return node?.DeepClone();
        }
    }

    private static Regex? Names(IEnumerable<string?> names)
    {
        var words = names.OfType<string>().Where(name => name.Trim().Length >= ShortestName).Distinct()
            .OrderByDescending(name => name.Length).Select(Regex.Escape).ToList();
        return words.Count == 0 ? null : new Regex(string.Join('|', words), RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
    }

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.-]*://[^\s""'<>]+", RegexOptions.NonBacktracking)]
    private static partial Regex Url();

    [GeneratedRegex(@"[\w.+-]+@[\w.-]+|\b\d{1,3}(?:\.\d{1,3}){3}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?:[A-Za-z]:|~|\$\{?HOME\}?)[\\/][^\s""'<>]*|/[\w.@+~-]+/[^\s""'<>]*|/(?:home|root|Users|tmp|mnt|etc|opt|srv|var)\b",
        RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
