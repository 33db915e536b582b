namespace Fleet.Client.Manifests;

/// <summary>A schedule of a manifest, posted as a document.</summary>
/// <param name="ScheduleId">As it is known among all schedules.</param>
/// <param name="Revision">Grows by one with each change.</param>
/// <param name="When">In one line, such as <c>per_pc every 6h</c>; null where this version of the fleet cannot read it.</param>
/// <param name="Next">The next times; empty where it is paused, and where it goes by results or events and not by times.</param>
public sealed record ManifestSchedule(
    string ScheduleId,
    string Name,
    int Revision,
    string Manifest,
    string? When,
    string? TimeZone,
    bool Paused,
    IReadOnlyList<DateTimeOffset> Next,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy);
