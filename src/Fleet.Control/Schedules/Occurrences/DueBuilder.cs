using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>Builds what plans start, each kind of submission all at once. What is refused is taken out of its plan.</summary>
internal sealed class DueBuilder(Submissions submissions)
{
    public async Task Build(IReadOnlyList<DuePlan> plans, CancellationToken stop)
    {
        foreach (var kind in plans.GroupBy(plan => plan.Terms.Kind))
        {
            var starts = kind.SelectMany(plan => plan.Starts.Select(start => (Plan: plan, Start: start))).ToList();
            if (starts.Count == 0)
                continue;
            var requests = starts.ConvertAll(one => RequestOf(one.Plan.Schedule, one.Plan.Terms, one.Start.Due, null));
            var built = await Build(kind.Key, requests, starts[0].Plan.Now, stop);
            foreach (var ((plan, start), result) in starts.Zip(built))
            {
                if (result.IsStart)
                    start.Built = result;
                else
                    plan.Refuse(start, result);
            }
        }
    }

    /// <summary>What one occurrence starts.</summary>
    /// <param name="askedBy">The key that wants it now; null where its time has come.</param>
    public async Task<BuiltSubmission> Build(
        Schedule schedule, ScheduleTerms terms, DateTimeOffset due, Guid? askedBy, DateTimeOffset now, CancellationToken stop) =>
        (await Build(terms.Kind, [RequestOf(schedule, terms, due, askedBy)], now, stop))[0];

    private async Task<IReadOnlyList<BuiltSubmission>> Build(
        string kind, IReadOnlyList<SubmissionRequest> requests, DateTimeOffset now, CancellationToken stop) =>
        submissions.Find(kind) is { } submission
            ? await submission.Build(requests, now, stop)
            : [.. requests.Select(_ => new BuiltSubmission(
                null, BuiltSubmission.TargetGone, $"This Control has no way to start a {kind}."))];

    private static SubmissionRequest RequestOf(Schedule schedule, ScheduleTerms terms, DateTimeOffset due, Guid? askedBy) => new(
        BodyTemplate.Fill(terms.Body, OccurrenceValues.Of(schedule.CorrelationId, schedule.Name, due)),
        schedule.Tenant, schedule.Owner, schedule.CreatedBy, schedule.Name, askedBy);
}
