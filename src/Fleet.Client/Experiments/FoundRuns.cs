namespace Fleet.Client.Experiments;

/// <summary>Which runs are looked for: all that is given must hold.</summary>
/// <param name="Metrics">Between which numbers the last values of metrics lie, by their names.</param>
/// <param name="Text">Looked for in names, narratives, summaries and notes.</param>
/// <param name="Limit">Runs of one answer, 1 to 200.</param>
/// <param name="Cursor"><c>Next</c> of the answer before.</param>
public sealed record RunQuery(
    string? JobName = null,
    string? User = null,
    string? Tag = null,
    string? Group = null,
    string? Outcome = null,
    string? Commit = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    IReadOnlyDictionary<string, MetricBounds>? Metrics = null,
    string? Text = null,
    int? Limit = null,
    string? Cursor = null);

/// <summary>Both ends are in it; null is no end.</summary>
public sealed record MetricBounds(double? Min = null, double? Max = null);

/// <summary>What was found, newest first.</summary>
/// <param name="Next">The cursor of what follows; null at the end.</param>
public sealed record FoundRuns(IReadOnlyList<FoundRun> Results, int Count, string? Next);

/// <summary>A run in a list of what was found.</summary>
/// <param name="Metrics">Last values by name; null where one is no number, or without end.</param>
public sealed record FoundRun(
    string Id,
    string? JobName,
    string? Outcome,
    string State,
    string CommitId,
    string? User,
    string? Group,
    IReadOnlyList<string> Tags,
    DateTimeOffset CreatedAt,
    IReadOnlyDictionary<string, double?> Metrics);
