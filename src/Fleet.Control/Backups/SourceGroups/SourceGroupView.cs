using System.Text.Json.Serialization;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Backups.SourceGroups;

/// <summary>A source group as clients see it.</summary>
/// <param name="Repository">Its name.</param>
/// <param name="LastGoodAt">When its files were stored last; null while they never were.</param>
/// <param name="IsStale">Whether that is longer ago than it may be.</param>
internal sealed record SourceGroupView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid SourceGroupId,
    string Name,
    string Agent,
    string Repository,
    [property: JsonConverter(typeof(WireIdConverter))] Guid RepositoryId,
    IReadOnlyList<string> Includes,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<string> Tags,
    KeepRules? Keep,
    HooksView? Hooks,
    bool OneFileSystem,
    int? NewestWithinS,
    DateTimeOffset? LastGoodAt,
    bool IsStale,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy)
{
    /// <param name="good">When its files were stored last.</param>
    public static SourceGroupView Of(SourceGroup row, string repository, DateTimeOffset? good, DateTimeOffset now)
    {
        var terms = SourceGroupTerms.Of(row);
        return new SourceGroupView(
            row.Id, row.Name, row.Agent, repository, row.RepositoryId, terms.Includes, terms.Excludes, terms.Tags, terms.Keep,
            terms.Hooks is { } hooks ? new HooksView(hooks.Before, hooks.After, hooks.TimeoutSeconds) : null, terms.OneFileSystem,
            row.NewestWithinS, good, row.NewestWithinS is { } within && (good ?? row.CreatedAt).AddSeconds(within) < now, row.CreatedAt,
            row.UpdatedAt, row.CreatedBy);
    }

    public static string PathOf(Guid id) => $"/v1/source-groups/{WireId.Format(id)}";
}

/// <summary>Scripts around its backups.</summary>
internal sealed record HooksView(string? Before, string? After, int TimeoutS);
