using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Backups.SourceGroups;

/// <summary>A source group as clients write it: <c>POST /v1/source-groups</c>; with <c>PUT</c> it replaces one.</summary>
internal sealed class SourceGroupRequest
{
    public required string Name { get; init; }

    public required string Agent { get; init; }

    /// <summary>Id or name.</summary>
    public required string Repository { get; init; }

    /// <summary>Absolute paths.</summary>
    public required List<string?> Includes { get; init; }

    /// <summary>Patterns as restic's <c>--exclude</c> has them.</summary>
    public List<string?>? Excludes { get; init; }

    /// <summary>Beside the name of the group, which is always one.</summary>
    public List<string?>? Tags { get; init; }

    /// <summary>Which snapshots are kept when they are dropped; none is dropped where it is left out.</summary>
    public KeepRequest? Keep { get; init; }

    public HooksRequest? Hooks { get; init; }

    /// <summary>Other file systems below the paths are left out.</summary>
    public bool OneFileSystem { get; init; }

    /// <summary>An alert is raised where the newest good snapshot is older, in seconds.</summary>
    public int? NewestWithinS { get; init; }
}

/// <summary>How many of the latest snapshots, and of the last ones of hours, days …, are kept; everything within a time.</summary>
internal sealed class KeepRequest
{
    public int? Last { get; init; }

    public int? Hourly { get; init; }

    public int? Daily { get; init; }

    public int? Weekly { get; init; }

    public int? Monthly { get; init; }

    public int? Yearly { get; init; }

    /// <summary>As restic writes it: <c>1y2m3d4h</c>.</summary>
    public string? Within { get; init; }

    public KeepRules ToRules() => new(Last, Hourly, Daily, Weekly, Monthly, Yearly, Within);

    public IEnumerable<(string Field, int? Count)> Counts =>
        [("last", Last), ("hourly", Hourly), ("daily", Daily), ("weekly", Weekly), ("monthly", Monthly), ("yearly", Yearly)];
}

/// <summary>Scripts for <c>sh</c>, run by the agent as its own user.</summary>
internal sealed class HooksRequest
{
    public string? Before { get; init; }

    public string? After { get; init; }

    /// <summary>How long each may take.</summary>
    public int TimeoutS { get; init; } = 600;
}

/// <summary>What of a group is nobody's but restic's.</summary>
internal sealed record SourceGroupTerms(
    IReadOnlyList<string> Includes,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<string> Tags,
    KeepRules? Keep,
    BackupHooks? Hooks,
    bool OneFileSystem)
{
    public static SourceGroupTerms Of(SourceGroupRequest wanted) => new(
        Texts(wanted.Includes), Texts(wanted.Excludes), Texts(wanted.Tags), wanted.Keep?.ToRules(),
        wanted.Hooks is { } hooks ? new BackupHooks(hooks.Before, hooks.After, hooks.TimeoutS) : null,
        wanted.OneFileSystem);

    public static SourceGroupTerms Of(SourceGroup group) =>
        JsonSerializer.Deserialize<SourceGroupTerms>(group.Terms, FleetJson.Options)!;

    public string ToJson() => JsonSerializer.Serialize(this, FleetJson.Options);

    private static List<string> Texts(List<string?>? given) => [.. (given ?? []).OfType<string>()];
}
