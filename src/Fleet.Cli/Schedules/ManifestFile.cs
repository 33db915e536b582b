using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Failures;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fleet.Cli.Schedules;

/// <summary>Files of schedules: documents of YAML, of which JSON is a part, each a schedule or a list of them.</summary>
internal static class ManifestFile
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <param name="source">What the text is called in errors.</param>
    /// <exception cref="CommandException">It is none, or a schedule has no name.</exception>
    public static IReadOnlyList<JsonElement> Read(string text, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException wrong)
        {
            throw CommandException.Usage($"{source}, line {wrong.Start.Line}: {wrong.Message}");
        }

        var schedules = stream.Documents.Select(document => Json(document.RootNode))
            .SelectMany(node => node is JsonArray list ? list.ToArray() : [node])
            .Select(node => JsonSerializer.SerializeToElement(node)).ToList();
        if (schedules.Count == 0)
            throw CommandException.Usage($"{source} holds no schedule.");
        for (var i = 0; i < schedules.Count; i++)
        {
            if (schedules[i].ValueKind != JsonValueKind.Object
                || !schedules[i].TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
                throw CommandException.Usage($"{source}: schedule {i + 1} has no name, by which it could be found again.");
        }

        return schedules;
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
