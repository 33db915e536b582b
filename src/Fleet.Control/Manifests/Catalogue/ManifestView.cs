using System.Text.Json.Nodes;
using Fleet.Control.Manifests.Documents;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>A manifest as clients see it.</summary>
/// <param name="Revision">Counts what was posted, from 1.</param>
/// <param name="Document">All of it as JSON, hints included.</param>
internal sealed record ManifestView(
    string Name,
    string Version,
    int Revision,
    string? Description,
    bool RequireApproval,
    IReadOnlyList<string> Tags,
    IReadOnlyList<ParameterView> Parameters,
    string Format,
    string Sha256,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string UpdatedBy,
    JsonObject? Document)
{
    public static ManifestView Of(CatalogueEntry entry) => new(
        entry.Manifest.Name,
        entry.Revision.Version,
        entry.Revision.Number,
        entry.Document?.Description,
        entry.Document?.RequireApproval ?? false,
        entry.Document?.Tags ?? [],
        [.. (entry.Document?.Parameters ?? []).Select(ParameterView.Of)],
        entry.Revision.IsYaml ? "yaml" : "json",
        Convert.ToHexStringLower(entry.Revision.Sha256),
        entry.Manifest.CreatedAt,
        entry.Revision.PostedAt,
        entry.Revision.PostedBy,
        entry.Document?.Root);
}

/// <summary>What a form asks for.</summary>
/// <param name="Variable">Of the environment, in which the script finds the value.</param>
internal sealed record ParameterView(
    string Name, string Type, string? Default, IReadOnlyList<string> Choices, bool Required, string? Description, string Variable)
{
    public static ParameterView Of(ManifestParameter parameter) => new(
        parameter.Name, parameter.Type, parameter.Default, parameter.Choices, parameter.Required, parameter.Description,
        parameter.Variable);
}

/// <param name="Revision">Counts what was posted, from 1.</param>
/// <param name="Format"><c>yaml</c> or <c>json</c>.</param>
internal sealed record RevisionView(
    int Revision, string Version, string Format, string Sha256, DateTimeOffset PostedAt, string PostedBy);

/// <param name="Lines">Each begins with a blank, <c>-</c> (only in <paramref name="From"/>) or <c>+</c> (only in <paramref
/// name="To"/>).</param>
internal sealed record RevisionDiffView(int From, int To, IReadOnlyList<string> Lines);

/// <param name="Version">Null where all versions are revoked.</param>
internal sealed record RevocationView(string Name, string? Version, DateTimeOffset? RevokedAt, string By)
{
    public static RevocationView Of(Revocation one) => new(one.Name, one.Version.Length == 0 ? null : one.Version, one.RevokedAt, one.By);
}

internal sealed record ScriptView(string Name, string Version, string Sha256, int Bytes, DateTimeOffset StoredAt, string StoredBy)
{
    public static ScriptView Of(ScriptObject script) => new(
        script.Name, script.Version, Convert.ToHexStringLower(script.Sha256), System.Text.Encoding.UTF8.GetByteCount(script.Text),
        script.StoredAt, script.StoredBy);
}
