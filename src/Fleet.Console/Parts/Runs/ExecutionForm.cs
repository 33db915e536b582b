using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Fleet.Client.Manifests;

namespace Fleet.Console.Parts.Runs;

/// <summary>What somebody wrote into the form of an execution.</summary>
internal sealed class ExecutionForm
{
    public bool All { get; set; }

    public string? Agents { get; set; }

    public string? Groups { get; set; }

    public string? Filter { get; set; }

    public string? Waves { get; set; }

    public int? MaxFailures { get; set; }

    public int? MaxConcurrent { get; set; }

    public string Offline { get; set; } = "wait";

    /// <summary>Of parameters, by their names; what is empty is as usual.</summary>
    public Dictionary<string, string> Values { get; } = [];

    /// <param name="wrong">Why it means no execution; null where it does.</param>
    public bool TryRead(Manifest manifest, [NotNullWhen(true)] out ExecutionDraft? draft, [NotNullWhen(false)] out string? wrong)
    {
        (draft, wrong) = (null, null);
        var target = new ExecutionTarget(All ? true : null, Some(Groups), Some(Agents), null, Filled(Filter));
        if (target == new ExecutionTarget())
            wrong = "Say on which agents.";
        var parameters = new Dictionary<string, JsonElement>();
        foreach (var parameter in manifest.Parameters)
        {
            var text = Values.GetValueOrDefault(parameter.Name, "");
            if (text.Length == 0)
            {
                if (parameter is { Required: true, Default: null })
                    wrong ??= $"The parameter {parameter.Name} needs a value.";
            }
            else if (Value(parameter.Type, text) is { } value)
            {
                parameters[parameter.Name] = value;
            }
            else
            {
                wrong ??= $"The parameter {parameter.Name} is of the type {parameter.Type}, and '{text}' is none.";
            }
        }

        if (wrong is not null)
            return false;
        draft = new ExecutionDraft(
            manifest.Name, target, Parameters: parameters.Count > 0 ? parameters : null, Offline: Offline,
            Waves: Some(Waves)?.Select(Wave).ToList(), Brakes: MaxFailures is { } most ? new ExecutionBrakes(most) : null,
            MaxConcurrent: MaxConcurrent);
        return true;
    }

    private static JsonElement? Value(string type, string text) => type switch
    {
        "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? JsonSerializer.SerializeToElement(whole) : null,
        "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonSerializer.SerializeToElement(number) : null,
        "boolean" => text is "true" or "false" ? JsonSerializer.SerializeToElement(text == "true") : null,
        _ => JsonSerializer.SerializeToElement(text),
    };

    private static ExecutionWave Wave(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hosts) ? new ExecutionWave(Hosts: hosts)
        : text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            ? new ExecutionWave(Share: share / 100)
        : new ExecutionWave(Group: text);

    private static string[]? Some(string? text) =>
        text?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } words
            ? words
            : null;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
