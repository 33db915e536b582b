using System.Text.Json;

namespace Fleet.Client.Manifests;

/// <summary>A declared command, in its present revision.</summary>
/// <param name="Document">All of it as JSON.</param>
public sealed record Manifest(
    string Name,
    string Version,
    int Revision,
    string? Description,
    bool RequireApproval,
    IReadOnlyList<string> Tags,
    IReadOnlyList<ManifestParameter> Parameters,
    string Format,
    string Sha256,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string UpdatedBy,
    JsonElement? Document);

/// <param name="Type"><c>string</c>, <c>integer</c>, <c>number</c> or <c>boolean</c>.</param>
/// <param name="Variable">Of the environment, in which the script finds the value.</param>
public sealed record ManifestParameter(
    string Name, string Type, string? Default, IReadOnlyList<string> Choices, bool Required, string? Description, string Variable);
