namespace Fleet.Client.Upkeep;

/// <summary>Nothing of these kinds starts while it is there.</summary>
/// <param name="Kinds">Empty means all.</param>
public sealed record Freeze(string Name, IReadOnlyList<string> Kinds, string? Reason, string By, DateTimeOffset At, string Tenant);

/// <param name="Kinds">Null or empty means all.</param>
public sealed record FreezeDraft(IReadOnlyList<string>? Kinds = null, string? Reason = null);

/// <summary>A message that nobody could handle.</summary>
/// <param name="Size">Bytes that were kept.</param>
public sealed record DeadLetter(
    string LetterId,
    string Endpoint,
    string Exchange,
    string Reason,
    string? MessageId,
    string? ContentType,
    int Size,
    string BodyPreview,
    DateTimeOffset At,
    DateTimeOffset? ReplayedAt);

/// <summary>How long finished work is kept.</summary>
/// <param name="Keep">As <c>7d</c>, or <c>forever</c>.</param>
public sealed record RetentionRule(
    string RuleId,
    string? Tenant,
    string? Kind,
    System.Text.Json.JsonElement? Labels,
    string Keep,
    DateTimeOffset CreatedAt);

public sealed record RetentionDraft(string Keep, string? Kind = null, IReadOnlyDictionary<string, string>? Labels = null);

/// <param name="WouldRemove">How much work would be over its time now.</param>
public sealed record RetentionForecast(long WouldRemove);

/// <summary>How far removal is.</summary>
/// <param name="Erasing">Work that is gone and whose belongings are being erased.</param>
public sealed record RetentionProgress(
    string DefaultKeep,
    int Rules,
    DateTimeOffset? LookedAt,
    DateTimeOffset? RemovedAt,
    long Removed,
    int Erasing,
    DateTimeOffset? OldestFinishedAt);

/// <summary>A filter with a name.</summary>
public sealed record SavedView(
    string Name, string Filter, string? Description, string ChangedBy, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

public sealed record ViewDraft(string Name, string Filter, string? Description = null);
