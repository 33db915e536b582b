using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Microsoft.Net.Http.Headers;

namespace Fleet.Control.Manifests.Documents;

/// <summary>A document as it was posted, and what it means.</summary>
/// <param name="Bytes">To the byte, comments and all.</param>
/// <param name="IsYaml">Else JSON.</param>
internal sealed record DocumentText(byte[] Bytes, bool IsYaml, JsonObject Root)
{
    private static readonly string[] YamlTypes = ["application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml"];

    /// <summary>Whatever is not said to be YAML is read as JSON.</summary>
    public static bool SaysYaml(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && YamlTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="DocumentException">It cannot be read.</exception>
    public static DocumentText Read(ReadOnlySpan<byte> bytes, bool isYaml) =>
        new(bytes.ToArray(), isYaml, isYaml ? ReadYaml(bytes) : ReadJson(bytes));

    private static JsonObject ReadYaml(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new DocumentException("YAML body must be UTF-8: it holds bytes that are none");
        try
        {
            return YamlText.Parse(Encoding.UTF8.GetString(WithoutMark(bytes))) as JsonObject
                ?? throw new DocumentException("the document must be a mapping");
        }
        catch (DocumentException wrong)
        {
            throw new DocumentException($"parse YAML body: {wrong.Message}");
        }
    }

    private static JsonObject ReadJson(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonBody.Parse<JsonObject>(bytes);
        }
        catch (ProblemException wrong)
        {
            throw new DocumentException($"parse JSON body: {Field(WithoutMark(bytes)) ?? wrong.Problem.Detail.TrimEnd('.')}");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new DocumentException($"parse JSON body: {Field(WithoutMark(bytes)) ?? "an object was expected"}");
        }
    }

    /// <summary>What is wrong with one field, which a tree of nodes does not name; null where it is something else.</summary>
    private static string? Field(ReadOnlySpan<byte> json)
    {
        try
        {
            return (UnusableText.Find(json)?.Detail ?? (DoubledField.Find(json) is { } twice ? $"{twice}: {JsonTrouble.Twice}" : null))
                ?.TrimEnd('.');
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
