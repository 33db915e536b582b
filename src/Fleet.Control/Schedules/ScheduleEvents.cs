using System.Text.Json.Serialization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Occurrences;

namespace Fleet.Control.Schedules;

/// <summary>What receivers are told of schedules: what did not start although it should have, and what fails again and again.</summary>
internal static class ScheduleEvents
{
    public const string Failing = "failing";

    private const string Family = "schedule";

    /// <summary>Outcomes that somebody wants to hear of; those that a policy means are not among them.</summary>
    private static readonly string[] Told = [Outcomes.Missed, Outcomes.Late, Outcomes.Failed];

    public static DomainEventTypes Types { get; } = new(Family, [.. Told, Failing], Needs: Scope.SchedulesRead);

    /// <summary>One for each outcome, however many due times it is about: after an outage nobody wants a thousand.</summary>
    public static IEnumerable<DomainEvent> Of(DuePlan plan) => Of(
        new DecidedSchedule(plan.Schedule.CorrelationId, plan.Schedule.Tenant, plan.Schedule.Name), plan.Recorded, plan.Now,
        plan.Schedule.Failures);

    /// <param name="failures">In a row, up to now; null where the ledger does not know yet.</param>
    public static IEnumerable<DomainEvent> Of(
        DecidedSchedule schedule, IReadOnlyList<PlannedOccurrence> recorded, DateTimeOffset now, int? failures = null) =>
        from outcome in Told
        let about = recorded.Where(one => one.Outcome == outcome).ToList()
        where about.Count > 0
        select New(schedule, outcome, now, new ScheduleEventPayload(
            schedule.Id, schedule.Name, outcome, about[^1].Reason, about[^1].Detail, about[0].Due, about[^1].Due, about.Count, failures,
            now));

    public static DomainEvent OfFailing(Schedule schedule, DateTimeOffset now) =>
        OfFailing(new DecidedSchedule(schedule.CorrelationId, schedule.Tenant, schedule.Name), schedule.Failures, now);

    /// <param name="failures">In a row, up to now.</param>
    public static DomainEvent OfFailing(DecidedSchedule schedule, int failures, DateTimeOffset now) => New(
        schedule, Failing, now, new ScheduleEventPayload(
            schedule.Id, schedule.Name, Failing, null, $"It failed {failures} times in a row.", null, null, 0, failures, now));

    private static DomainEvent New(DecidedSchedule schedule, string word, DateTimeOffset now, ScheduleEventPayload data) =>
        new(schedule.Tenant, $"{Family}.{word}", schedule.Id, now, Url: null, data, ArtifactsAt: null);
}

/// <summary>What is told.</summary>
/// <param name="DueAt">The first due time that it is about, <paramref name="LastDueAt"/> the last.</param>
/// <param name="Count">How many due times it is about.</param>
/// <param name="Failures">In a row, up to now; null where a schedule that is a document did not start.</param>
internal sealed record ScheduleEventPayload(
    [property: JsonConverter(typeof(WireIdConverter))] Guid ScheduleId,
    string Name,
    string Outcome,
    string? Reason,
    string? Detail,
    DateTimeOffset? DueAt,
    DateTimeOffset? LastDueAt,
    int Count,
    int? Failures,
    DateTimeOffset Timestamp);
