using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Client;

namespace Fleet.Cli.Apply;

/// <summary>The text of a manifest as it is sent: as it is written, but with the script in the place of the name of its file.</summary>
/// <param name="IsYaml">Else JSON.</param>
internal sealed record ManifestText(string Text, bool IsYaml)
{
    private const string Execute = "execute";
    private const string ScriptFile = "script_file";

    /// <param name="directory">Where names of files begin.</param>
    public static async Task<ManifestText> Of(Declared manifest, string directory, CancellationToken stop)
    {
        if (manifest.Content[Execute] is JsonObject execute && execute[ScriptFile] is JsonValue file
            && file.GetValueKind() == JsonValueKind.String && file.GetValue<string>() is { Length: > 0 } name)
        {
            var content = manifest.Content.DeepClone();
            var filled = content[Execute]!.AsObject();
            filled.Remove(ScriptFile);
            filled["script"] = await ApplyCommand.ReadFile(Path.Combine(directory, name), stop);
            return new ManifestText(content.ToJsonString(FleetJson.Options), false);
        }

        return AsWritten(manifest);
    }

    public static ManifestText AsWritten(Declared document) => document.Text is not { } text
        ? new ManifestText(document.Content.ToJsonString(FleetJson.Options), false)
        : new ManifestText(text, !IsJson(text));

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
