using System.Text.RegularExpressions;

namespace Fleet.Control.Manifests.Documents;

/// <summary>What a manifest must look like. Every field is known, or refused with its path.</summary>
internal static partial class ManifestReader
{
    public const int MostId = 100;

    private const int MostText = 200;
    private const int MostDescription = 10_000;
    private const int MostScript = 1024 * 1024;
    private const int MostTags = 50;

    /// <summary>Longest that one run may take.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    public static IReadOnlyList<string> Shells { get; } = ["powershell", "cmd", "sh", "pwsh", "bash"];

    /// <summary>As the user that an agent's own settings name.</summary>
    public const string AsAgent = "system";

    public static IReadOnlyList<string> RunAs { get; } = [AsAgent, "user", "system_gui"];

    /// <summary>Fields of other programs: kept and given back as they are.</summary>
    public static IReadOnlyList<string> Hints { get; } =
        ["inventory", "emit", "check", "collect", "client", "finalize", "origin", "tier", "feed", "aggregate"];

    /// <summary>Letters, digits, dots, hyphens and underscores.</summary>
    public static bool IsId(string text) => text.Length <= MostId && Id().IsMatch(text);

    /// <summary>Null where something is wrong with it; then the findings say what.</summary>
    public static ManifestDocument? Read(DocumentText document, DocumentFindings findings)
    {
        var fields = new DocumentFields(document.Root, "", findings);
        var id = ReadId(fields, "id");
        var version = fields.Text("version", MostText, isNeeded: true);
        if (version is not null && (string.IsNullOrWhiteSpace(version) || version.Any(char.IsControl)))
            fields.Refuse("version", "This must be text on one line.");
        var description = fields.Text("description", MostDescription);
        var approval = fields.Flag("require_approval", otherwise: false);
        var staleness = ReadStaleness(fields.Object("staleness"));
        var tags = fields.Texts("tags", MostTags, MostText);
        if (tags.Any(string.IsNullOrWhiteSpace))
            fields.Refuse("tags", "A tag must not be blank.");
        var execute = ReadExecute(fields.Object("execute", isNeeded: true));
        var parameters = ParameterReader.Read(fields);
        var hints = Hints.Where(fields.Has).ToList();
        fields.End();
        return findings.Any ? null : new ManifestDocument(
            id!, version!, description, approval, staleness, tags, execute!, parameters, hints.Contains("inventory"), document.Root);
    }

    public static string? ReadId(DocumentFields fields, string name)
    {
        var id = fields.Text(name, MostId, isNeeded: true);
        if (id is not null && !Id().IsMatch(id))
            fields.Refuse(name, "Use letters, digits, dots, hyphens and underscores, and begin with a letter or digit.");
        return id;
    }

    private static Staleness ReadStaleness(DocumentFields? fields)
    {
        if (fields is null)
            return Staleness.Cached;
        var mode = fields.Word("mode", Staleness.Modes, "cached");
        var age = fields.Duration("max_cache_age", isNeeded: mode == Staleness.Strict);
        fields.End();
        return new Staleness(mode!, mode == Staleness.Strict ? age : null);
    }

    private static ManifestExecute? ReadExecute(DocumentFields? fields)
    {
        if (fields is null)
            return null;
        var shell = fields.Word("shell", Shells, null, isNeeded: true);
        var timeout = fields.Duration("timeout", isNeeded: true);
        if (timeout is { } span && (span < TimeSpan.FromSeconds(1) || span > LongestTimeout))
            fields.Refuse("timeout", $"This must be from 1s to {DurationText.Format(LongestTimeout)}.");
        var script = Filled(fields.Text("script", MostScript));
        var file = Filled(fields.Text("script_file", MostDescription));
        var stored = Filled(fields.Text("script_object", MostText));
        if (new[] { script, file, stored }.Count(one => one is not null) != 1)
            fields.Refuse("script", "Give exactly one of script, script_file and script_object.");
        if (stored is not null && (stored.Split('/') is not [var name, var version] || !IsId(name) || !IsId(version)))
            fields.Refuse("script_object", "This is name/version of a stored script.");
        var runAs = fields.Word("run_as", RunAs, AsAgent);
        var cwd = fields.Text("cwd", 4096);
        fields.Any("bypass_local_limit");
        fields.End();
        return new ManifestExecute(shell ?? "", timeout ?? TimeSpan.Zero, script, file, stored, runAs!, Filled(cwd));
    }

    /// <summary>An empty text counts as none.</summary>
    private static string? Filled(string? text) => text is { Length: > 0 } ? text : null;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex Id();
}
