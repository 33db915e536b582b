using System.Text.Json.Nodes;

namespace Fleet.Control.Manifests.Documents;

/// <summary>What a manifest says, as far as Fleet acts upon it.</summary>
/// <param name="Id">Its name in the catalogue.</param>
/// <param name="Version">Whatever its author calls it.</param>
/// <param name="RequireApproval">Its executions wait for another key's yes.</param>
/// <param name="HasInventory">Whether it has the hint <c>inventory</c>.</param>
/// <param name="Root">All of the document, hints included.</param>
internal sealed record ManifestDocument(
    string Id,
    string Version,
    string? Description,
    bool RequireApproval,
    Staleness Staleness,
    IReadOnlyList<string> Tags,
    ManifestExecute Execute,
    IReadOnlyList<ManifestParameter> Parameters,
    bool HasInventory,
    JsonObject Root);

/// <summary>The command. Exactly one of the three scripts is there.</summary>
/// <param name="ScriptFile">A path of its author's machine: whoever posts the manifest puts the text into its place.</param>
/// <param name="ScriptObject">A stored script, as <c>name/version</c>.</param>
/// <param name="RunAs"><c>system</c>, <c>user</c> or <c>system_gui</c>.</param>
internal sealed record ManifestExecute(
    string Shell, TimeSpan Timeout, string? Script, string? ScriptFile, string? ScriptObject, string RunAs, string? Cwd);

/// <summary>How long a command may have been on its way.</summary>
/// <param name="Mode">One of <see cref="Modes"/>.</param>
/// <param name="MaxCacheAge">With <c>strict</c>: what did not start within this time is refused.</param>
internal sealed record Staleness(string Mode, TimeSpan? MaxCacheAge)
{
    public const string Strict = "strict";

    public static IReadOnlyList<string> Modes { get; } = ["cached", "unchecked", Strict];

    public static Staleness Cached { get; } = new("cached", null);
}

/// <summary>A value that an execution gives to the script, in the variable <see cref="Variable"/>.</summary>
/// <param name="Type">One of <see cref="Types"/>.</param>
/// <param name="Default">As text; null where there is none.</param>
/// <param name="Choices">As texts; empty where any value will do.</param>
internal sealed record ManifestParameter(
    string Name, string Type, string? Default, IReadOnlyList<string> Choices, bool Required, string? Description)
{
    public const string Text = "string";

    public static IReadOnlyList<string> Types { get; } = [Text, "integer", "number", "boolean"];

    /// <summary><c>FLEET_PARAM_RETRY_COUNT</c> of <c>retry_count</c>.</summary>
    public string Variable => $"FLEET_PARAM_{Name.ToUpperInvariant()}";
}
