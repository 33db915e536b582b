using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>
/// Decides about everything that is due, in batches that each are one transaction. It may be asked by anybody, at any
/// time and twice at once: what is decided already is not decided again.
/// </summary>
internal sealed class DueRound(
    DueQueries queries,
    TermsReader reader,
    DueBuilder builder,
    DueWriter writer,
    WorkOperations operations,
    GroupCommit commits,
    DatabaseClock clock,
    ScheduleSettings settings,
    ScheduleMeters meters,
    ILogger<DueRound> logger)
{
    private static readonly TimeSpan PutOffBy = TimeSpan.FromMinutes(1);

    /// <param name="lane">Null for all.</param>
    /// <returns>How many schedules were decided about.</returns>
    public async Task<int> Run(int? lane, CancellationToken stop)
    {
        var decided = 0;
        while (!stop.IsCancellationRequested)
        {
            var batch = await Batch(lane, stop);
            if (batch.Count == 0)
                break;
            decided += await Commit(batch, stop);
        }

        return decided;
    }

    private async Task<List<Decision>> Batch(int? lane, CancellationToken stop)
    {
        var now = clock.Now;
        var due = await queries.Due(lane, now, settings.BatchSize, stop);
        if (due.Count == 0)
            return [];
        var open = await queries.Open([.. due.Select(schedule => schedule.CorrelationId)], stop);
        var freezes = await queries.Freezes(stop);
        var decisions = new List<Decision>();
        foreach (var schedule in due)
        {
            if (await Decide(schedule, [.. open[schedule.CorrelationId]], freezes, now) is { } decision)
                decisions.Add(decision);
        }

        await builder.Build([.. decisions.Select(decision => decision.Plan)], stop);
        return decisions;
    }

    private async Task<Decision?> Decide(Schedule schedule, OpenWork[] open, IReadOnlyList<Freeze> freezes, DateTimeOffset now)
    {
        try
        {
            var terms = reader.Of(schedule);
            var frozen = freezes.FirstOrDefault(freeze => freeze.IsOver(schedule.Tenant)
                && (freeze.Kinds.Length == 0 || freeze.Kinds.Intersect(terms.WorkKinds).Any()));
            var plan = new DuePolicy(schedule, terms, open.Length, frozen is null ? null : SentenceOf(frozen), settings, now).Decide();
            return new Decision(plan, open);
        }
        catch (Exception failure) when (!DatabaseFailure.IsPassing(failure))
        {
            await PutOff(schedule, failure);
            return null;
        }
    }

    private async Task<int> Commit(IReadOnlyList<Decision> batch, CancellationToken stop)
    {
        try
        {
            return await CommitTogether(batch, stop);
        }
        catch (Exception failure) when (!DatabaseFailure.IsOutage(failure) && !stop.IsCancellationRequested)
        {
            // also a conflict that outlived its repetitions: one schedule's must not hold up its whole lane
            if (batch.Count == 1)
            {
                await PutOff(batch[0].Plan.Schedule, failure);
                return 0;
            }
        }

        var decided = 0;
        foreach (var one in batch)
            decided += await Commit([one], stop);
        return decided;
    }

    private async Task<int> CommitTogether(IReadOnlyList<Decision> batch, CancellationToken stop)
    {
        var away = await operations.Away(
            [.. batch.SelectMany(one => one.Plan.Starts).Select(start => start.Work).OfType<SubmitWork>()], stop);
        var applied = new List<DuePlan>();
        await commits.Run([.. batch.SelectMany(one => writer.RowsOf(one.Plan, one.Open))], async unit =>
        {
            applied.Clear();
            foreach (var one in batch)
            {
                if (await writer.Apply(one.Plan, one.Open, away, unit))
                    applied.Add(one.Plan);
            }
        }, stop: stop);
        meters.Decided(applied);
        return applied.Count;
    }

    /// <summary>One that cannot be decided about must not hold up the others.</summary>
    private async Task PutOff(Schedule schedule, Exception failure)
    {
        ScheduleLog.PutOff(logger, schedule.CorrelationId, failure.Message);
        await commits.Run([RowRef.Of<Schedule>(schedule.CorrelationId)], async unit =>
        {
            if (await unit.Find<Schedule>(schedule.CorrelationId) is not { WakeAt: not null } row)
                return;
            row.WakeAt = unit.Now + PutOffBy;
            unit.Change(row);
        });
    }

    public static string SentenceOf(Freeze freeze) =>
        $"The freeze {freeze.Name} stops it{(freeze.Reason is null ? "." : $": {freeze.Reason}")}";

    private sealed record Decision(DuePlan Plan, IReadOnlyList<OpenWork> Open);
}
