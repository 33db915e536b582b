using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Failures;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Fleet.Cli.Apply;

/// <summary>Files of manifests and schedules: documents of YAML, of which JSON is a part, each one of them or a list of them.</summary>
internal static class ApplyFile
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <param name="source">What the text is called in errors.</param>
    /// <exception cref="CommandException">It is none, or one of its documents is neither a manifest nor a schedule.</exception>
    public static IReadOnlyList<Declared> Read(string text, string source)
    {
        text = text.TrimStart('\uFEFF');
        var stream = new YamlStream();
        List<string> texts;
        try
        {
            stream.Load(new StringReader(text));
            texts = Documents(text);
        }
        catch (YamlException wrong)
        {
            throw CommandException.Usage($"{source}, line {wrong.Start.Line}: {wrong.Message}");
        }

        var all = new List<Declared>();
        for (var i = 0; i < stream.Documents.Count; i++)
        {
            var root = Json(stream.Documents[i].RootNode);
            foreach (var one in root is JsonArray list ? list.ToArray() : [root])
            {
                if (one is not null || root is JsonArray) // a document may be empty, an element of a list may not
                    all.Add(Declared.Of(one, root is JsonArray ? null : texts[i], $"{source}: document {all.Count + 1}"));
            }
        }

        return all.Count > 0 ? all : throw CommandException.Usage($"{source} holds neither a manifest nor a schedule.");
    }

    /// <summary>Each document as it is written, comments and all; those before the first belong to it.</summary>
    private static List<string> Documents(string text)
    {
        var starts = new List<int>();
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart start)
                starts.Add(starts.Count == 0 ? 0 : (int)start.Start.Index);
        }

        return [.. starts.Select((from, i) => text[from..(i + 1 < starts.Count ? starts[i + 1] : text.Length)])];
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(one => KeyValuePair.Create(one.Key.ToString(), Json(one.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } plain => Plain(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => null,
    };

    /// <summary>As YAML's core schema reads what has no quotes (https://yaml.org/spec/1.2.2/#103-core-schema).</summary>
    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when double.TryParse(text, Number, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => number,
        _ => text,
    };
}

/// <summary>One document of a file.</summary>
/// <param name="Text">As it is written; null where it is a part of a list.</param>
internal sealed record Declared(DeclaredKind Kind, string Name, JsonObject Content, string? Text)
{
    /// <exception cref="CommandException">It is neither a manifest nor a schedule, or has no name.</exception>
    public static Declared Of(JsonNode? node, string? text, string place)
    {
        if (node is not JsonObject content || (!content.ContainsKey("execute") && !content.ContainsKey("when")))
        {
            throw CommandException.Usage(
                $"{place} is neither a manifest, which has id, version and execute, nor a schedule, which has name, when and start, "
                + "or of a manifest id, job_id and when.");
        }

        var kind = content.ContainsKey("execute") ? DeclaredKind.Manifest
            : content.ContainsKey("job_id") ? DeclaredKind.ManifestSchedule
            : DeclaredKind.Schedule;
        var called = kind == DeclaredKind.Schedule ? "name" : "id";
        return content[called] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? new Declared(kind, value.GetValue<string>(), content, text)
            : throw CommandException.Usage($"{place} has no {called}, by which it could be found again.");
    }
}

internal enum DeclaredKind
{
    Manifest,
    Schedule,

    /// <summary>A schedule of a manifest, which goes by what became of it on hosts.</summary>
    ManifestSchedule,
}
