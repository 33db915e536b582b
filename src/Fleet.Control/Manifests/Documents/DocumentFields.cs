using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Control.Manifests.Documents;

/// <summary>What is wrong with a document, by path.</summary>
internal sealed class DocumentFindings
{
    private const int MostTold = 20;

    private readonly List<string> _unknown = [];
    private readonly Dictionary<string, string> _wrong = [];

    public bool Any => _unknown.Count + _wrong.Count > 0;

    /// <summary>Sentences by path, as problems hold them.</summary>
    public IReadOnlyDictionary<string, string[]> ByField => _unknown.Distinct().Take(MostTold)
        .Select(path => KeyValuePair.Create(path, "There is no such field here."))
        .Concat(_wrong.Take(MostTold).Where(one => !_unknown.Contains(one.Key)))
        .ToDictionary(one => one.Key, one => (string[])[one.Value]);

    /// <summary>All of it as one line of text.</summary>
    public string Line => _unknown.Count > 0
        ? $"unknown field(s): {string.Join(", ", _unknown.Take(MostTold))}"
        : string.Join("; ", _wrong.Take(MostTold).Select(one => $"{one.Key}: {one.Value.TrimEnd('.')}"));

    public void Refuse(string path, string sentence) => _wrong.TryAdd(path, sentence);

    public void Unknown(string path) => _unknown.Add(path);
}

/// <summary>
/// Reads the fields of one object of a document. What nobody asked for is unknown: <see cref="End"/> says so, with its path.
/// </summary>
internal sealed class DocumentFields(JsonObject fields, string path, DocumentFindings findings)
{
    private readonly HashSet<string> _asked = [];

    public DocumentFindings Findings => findings;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public bool Has(string name) => Take(name) is not null;

    /// <summary>Null where it is left out, or wrong; then that is found.</summary>
    public string? Text(string name, int most, bool isNeeded = false)
    {
        var node = Take(name);
        if (node is null)
        {
            if (isNeeded)
                Refuse(name, "missing field: this is needed.");
            return null;
        }

        if (node is not JsonValue value || !value.TryGetValue(out string? text))
        {
            Refuse(name, "invalid type: this must be a text, in quotes where it looks like something else.");
            return null;
        }

        if (text.Length > most)
            Refuse(name, $"At most {most} characters.");
        return text;
    }

    public bool Flag(string name, bool otherwise)
    {
        if (Take(name) is not { } node)
            return otherwise;
        if (node is JsonValue value && value.TryGetValue(out bool flag))
            return flag;
        Refuse(name, "invalid type: this must be true or false.");
        return otherwise;
    }

    public int? Whole(string name, int least, int most)
    {
        if (Take(name) is not { } node)
            return null;
        if (node is JsonValue && node.GetValueKind() == JsonValueKind.Number
            && decimal.TryParse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number >= least && number <= most)
            return (int)number;
        Refuse(name, $"This must be a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>A span of time such as <c>30s</c> or <c>1h 30m</c>.</summary>
    public TimeSpan? Duration(string name, bool isNeeded = false)
    {
        if (Text(name, 100, isNeeded) is not { } text)
            return null;
        if (DurationText.TryParse(text, out var span, out var why))
            return span;
        Refuse(name, $"invalid duration `{text}`: {why}");
        return null;
    }

    public string? Word(string name, IReadOnlyList<string> words, string? otherwise, bool isNeeded = false)
    {
        if (Text(name, 100, isNeeded) is not { } text)
            return otherwise;
        if (words.Contains(text))
            return text;
        Refuse(name, $"unknown variant `{text}`: use one of {string.Join(", ", words)}.");
        return otherwise;
    }

    public DocumentFields? Object(string name, bool isNeeded = false)
    {
        var node = Take(name);
        if (node is JsonObject inner)
            return new DocumentFields(inner, PathOf(name), findings);
        if (node is not null)
            Refuse(name, "invalid type: this must be a mapping.");
        else if (isNeeded)
            Refuse(name, "missing field: this is needed.");
        return null;
    }

    /// <summary>The items and their paths; empty where it is left out.</summary>
    public IReadOnlyList<(JsonNode? Item, string Path)> List(string name, int most)
    {
        if (Take(name) is not { } node)
            return [];
        if (node is not JsonArray items)
        {
            Refuse(name, "invalid type: this must be a list.");
            return [];
        }

        if (items.Count > most)
            Refuse(name, $"At most {most} items.");
        return [.. items.Take(most).Select((item, at) => (item, $"{PathOf(name)}[{at}]"))];
    }

    public IReadOnlyList<string> Texts(string name, int most, int mostText)
    {
        var texts = new List<string>();
        foreach (var (item, at) in List(name, most))
        {
            if (item is JsonValue value && value.TryGetValue(out string? text) && text.Length <= mostText)
                texts.Add(text);
            else
                findings.Refuse(at, $"This must be a text of at most {mostText} characters.");
        }

        return texts;
    }

    public IReadOnlyList<DocumentFields> Objects(string name, int most)
    {
        var objects = new List<DocumentFields>();
        foreach (var (item, at) in List(name, most))
        {
            if (item is JsonObject inner)
                objects.Add(new DocumentFields(inner, at, findings));
            else
                findings.Refuse(at, "invalid type: this must be a mapping.");
        }

        return objects;
    }

    /// <summary>As it is, of whatever type; null where it is left out or null.</summary>
    public JsonNode? Any(string name) => Take(name);

    public void Refuse(string name, string sentence) => findings.Refuse(PathOf(name), sentence);

    /// <summary>All fields were asked for: what else is there is unknown.</summary>
    public void End()
    {
        foreach (var (name, _) in fields)
        {
            if (!_asked.Contains(name))
                findings.Unknown(PathOf(name));
        }
    }

    private JsonNode? Take(string name)
    {
        _asked.Add(name);
        return fields.TryGetPropertyValue(name, out var value) ? value : null;
    }
}
