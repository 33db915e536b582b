using System.Text.Json;

namespace Fleet.Control.Platform.Submissions;

/// <summary>
/// Schedules that a slice has as documents of its own, and decides about itself, since they go by more than times: those of
/// manifests. They are shown among all schedules, and what becomes of them is in the same ledger.
/// </summary>
internal interface IDeclaredSchedules
{
    /// <summary>Newest first, by id.</summary>
    /// <param name="tenant">Null for those of all.</param>
    /// <param name="name">Null for every name.</param>
    /// <param name="before">Only those with a smaller id.</param>
    Task<IReadOnlyList<DeclaredSchedule>> List(string? tenant, string? name, Guid? before, int most, CancellationToken stop);

    /// <summary>Null when there is none.</summary>
    Task<DeclaredSchedule?> Find(Guid id, CancellationToken stop);

    /// <summary>Of all that there are.</summary>
    Task<IReadOnlyCollection<Guid>> Ids(CancellationToken stop);

    /// <summary>Again changes nothing.</summary>
    Task Pause(DeclaredSchedule schedule, bool paused, CancellationToken stop);

    Task Remove(DeclaredSchedule schedule, CancellationToken stop);
}

/// <summary>A schedule as its document says it.</summary>
/// <param name="Rule">When it is due, in the words of its document.</param>
/// <param name="Words">The same as a sentence.</param>
/// <param name="Start">What it starts: a name of a submission, and the body that the submission's own route would take.</param>
/// <param name="Next">The next due times; empty while it is paused, and where it does not go by times.</param>
/// <param name="IsExclusive">Whether nothing starts where an earlier start is still under way.</param>
/// <param name="CatchUpS">A due time at which nobody could start anything is made up for within so many seconds.</param>
/// <param name="Window">A part of every day: <c>22:00-06:00</c>.</param>
internal sealed record DeclaredSchedule(
    Guid Id,
    string Tenant,
    string Name,
    string Rule,
    string Words,
    string TimeZone,
    Dictionary<string, JsonElement> Start,
    bool Paused,
    IReadOnlyList<DateTimeOffset> Next,
    bool IsExclusive,
    int CatchUpS,
    int JitterS,
    int? StartingDeadlineS,
    DateTimeOffset? From,
    DateTimeOffset? Until,
    string? Window,
    IReadOnlyList<string> SkipDates,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy);
