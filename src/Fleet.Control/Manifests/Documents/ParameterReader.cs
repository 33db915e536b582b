using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Control.Manifests.Documents;

/// <summary>What parameters of a manifest must look like, and what values of them an execution may give.</summary>
internal static partial class ParameterReader
{
    public const int MostParameters = 50;
    public const int MostValue = 32 * 1024;

    private const int MostChoices = 200;
    private const int MostDescription = 2000;

    public static IReadOnlyList<ManifestParameter> Read(DocumentFields fields)
    {
        var read = new List<ManifestParameter>();
        foreach (var one in fields.Objects("parameters", MostParameters))
        {
            if (ReadOne(one) is not { } parameter)
                continue;
            if (read.Exists(other => other.Name == parameter.Name))
                one.Refuse("name", "There is a parameter of this name already.");
            read.Add(parameter);
        }

        return read;
    }

    /// <summary>
    /// The values as variables of the environment, defaults included; what is wrong is found under <c>parameters</c>.
    /// </summary>
    public static Dictionary<string, string> Resolve(
        IReadOnlyList<ManifestParameter> parameters, IReadOnlyDictionary<string, JsonElement> given, DocumentFindings findings)
    {
        var variables = new Dictionary<string, string>();
        foreach (var name in given.Keys.Where(name => parameters.All(parameter => parameter.Name != name)))
            findings.Unknown($"parameters.{name}");
        foreach (var parameter in parameters)
        {
            var path = $"parameters.{parameter.Name}";
            var value = given.TryGetValue(parameter.Name, out var element) && element.ValueKind != JsonValueKind.Null
                ? TextOf(parameter.Type, JsonValue.Create(element), path, findings)
                : parameter.Default;
            if (value is null && parameter.Required)
                findings.Refuse(path, "This is needed.");
            else if (value is not null && parameter.Choices.Count > 0 && !parameter.Choices.Contains(value))
                findings.Refuse(path, $"Use one of {string.Join(", ", parameter.Choices)}.");
            if (value is not null)
                variables[parameter.Variable] = value;
        }

        return variables;
    }

    private static ManifestParameter? ReadOne(DocumentFields fields)
    {
        var name = fields.Text("name", 40, isNeeded: true);
        if (name is not null && !Name().IsMatch(name))
            fields.Refuse("name", "Use lower-case letters, digits and underscores, and begin with a letter.");
        var type = fields.Word("type", ManifestParameter.Types, ManifestParameter.Text)!;
        var otherwise = fields.Any("default") is { } node ? TextOf(type, node, fields.PathOf("default"), fields.Findings) : null;
        var choices = new List<string>();
        foreach (var (item, path) in fields.List("choices", MostChoices))
        {
            if (TextOf(type, item, path, fields.Findings) is { } choice)
                choices.Add(choice);
        }

        if (otherwise is not null && choices.Count > 0 && !choices.Contains(otherwise))
            fields.Refuse("default", "This must be one of the choices.");
        var required = fields.Flag("required", otherwise: false);
        var description = fields.Text("description", MostDescription);
        fields.End();
        return name is null ? null : new ManifestParameter(name, type, otherwise, choices, required, description);
    }

    private static string? TextOf(string type, JsonNode? node, string path, DocumentFindings findings)
    {
        var text = (type, node?.GetValueKind()) switch
        {
            (ManifestParameter.Text, JsonValueKind.String) => node!.GetValue<string>(),
            ("boolean", JsonValueKind.True) => "true",
            ("boolean", JsonValueKind.False) => "false",
            ("integer", JsonValueKind.Number) when IsWhole(node!) => node!.ToJsonString(),
            ("number", JsonValueKind.Number) => node!.ToJsonString(),
            _ => null,
        };
        if (text is null)
            findings.Refuse(path, type switch
            {
                ManifestParameter.Text => "This must be a text.",
                "boolean" => "This must be true or false.",
                "integer" => "This must be a whole number.",
                _ => "This must be a number.",
            });
        else if (text.Length > MostValue || text.Contains('\0', StringComparison.Ordinal))
            findings.Refuse(path, $"At most {MostValue} characters, none of them NUL.");
        return text;
    }

    private static bool IsWhole(JsonNode number) =>
        long.TryParse(number.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*\z")]
    private static partial Regex Name();
}
