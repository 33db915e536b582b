using System.Text.Json;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Retention;
using Fleet.Control.Platform.Work.Search;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>
/// The next batch of a run. Its work changes in the transaction that moves the run on, so that after a crash it goes on
/// where it was, and a process that wrongly believes to lead changes nothing.
/// </summary>
internal sealed class BulkStep(
    WorkSearch search, WorkVocabulary vocabulary, WorkKinds kinds, WorkAgents agents, WorkRemoval removal, GroupCommit commits,
    BulkSettings settings, ILogger<BulkStep> logger)
{
    private const int MostRounds = 3;

    private static readonly IReadOnlyList<AgentStanding> Nobody = [];

    public async Task Take(BulkRun run, CancellationToken stop)
    {
        var choice = BulkChoice.Of(run, vocabulary);
        if (run.Total is null)
        {
            var count = await search.Count(choice, stop);
            await Change(run, (row, _) => (row.Total, row.TotalIsExact) = (count.Count, count.IsExact));
            return;
        }

        var page = await search.Find(choice, run.Reached, settings.BatchJobs, stop);
        if (run.Action == nameof(BulkAction.Delete))
        {
            await Remove(run, page, stop);
            return;
        }

        var effect = new BulkEffect(
            run,
            JsonSerializer.Deserialize<BulkParameters>(run.Parameters, FleetJson.Options)!,
            $"{run.CreatedBy} (bulk {WireId.Format(run.CorrelationId)})",
            kinds,
            run.Action == nameof(BulkAction.Retry) ? await agents.Standing(stop) : Nobody);
        await Apply(new Batch(run, effect, choice, page.Next), page.Items, stop);
    }

    /// <summary>What cannot go on is over, with its reason.</summary>
    public Task Fail(BulkRun run, string reason) => Change(run, (row, now) =>
    {
        row.State = nameof(BulkState.Failed);
        row.FinishedAt = now;
        row.Trouble = reason;
    });

    private async Task Remove(BulkRun run, WorkMatches page, CancellationToken stop)
    {
        var removed = await removal.Remove([.. page.Items.Select(one => one.Id)], stop);
        var tally = new BulkTally(removed, page.Items.Count - removed, 0);
        await Change(run, (row, now) => tally.Enter(row, page.Next, now));
    }

    /// <summary>Work that moved on while it was looked at is looked at again.</summary>
    private async Task Apply(Batch batch, IReadOnlyList<WorkMatch> work, CancellationToken stop)
    {
        var tally = BulkTally.None;
        for (var round = 1; ; round++)
        {
            var result = await Commit(batch, work, tally, isLast: round == MostRounds, stop);
            if (result.Moved.Count == 0)
                return;
            work = (await search.Find(batch.Choice.Among(result.Moved), null, result.Moved.Count, stop)).Items;
            tally = result.Tally with { Skipped = result.Tally.Skipped + result.Moved.Count - work.Count };
        }
    }

    private async Task<(BulkTally Tally, IReadOnlyList<WorkMatch> Moved)> Commit(
        Batch batch, IReadOnlyList<WorkMatch> work, BulkTally before, bool isLast, CancellationToken stop)
    {
        try
        {
            return await CommitTogether(batch, work, before, isLast);
        }
        catch (Exception failure) when (!DatabaseFailure.IsPassing(failure) && !stop.IsCancellationRequested)
        {
            return await CommitEach(batch, work, before, stop);
        }
    }

    /// <summary>All of them in one transaction; the last one of the batch also moves the run on.</summary>
    private async Task<(BulkTally Tally, IReadOnlyList<WorkMatch> Moved)> CommitTogether(
        Batch batch, IReadOnlyList<WorkMatch> work, BulkTally before, bool isLast)
    {
        var tally = before;
        var moved = new List<WorkMatch>();
        RowRef[] rows = [batch.Row, .. work.SelectMany(one => batch.Effect.Rows(one.Id)).Distinct()];
        await commits.Run(rows, async unit =>
        {
            tally = before;
            moved.Clear();
            if (await batch.Current(unit) is not { } row)
                return;
            foreach (var one in work)
            {
                var outcome = await batch.Effect.Apply(one, unit);
                if (outcome == BulkOutcome.Moved && !isLast)
                    moved.Add(one);
                else
                    tally = tally.Add(outcome == BulkOutcome.Moved ? BulkOutcome.Skipped : outcome, batch.Run.Family);
            }

            if (moved.Count > 0)
                return;
            tally.Enter(row, batch.Next, unit.Now);
            unit.Change(row);
        });
        return (tally, moved);
    }

    /// <summary>One of them cannot be changed: the others can.</summary>
    private async Task<(BulkTally Tally, IReadOnlyList<WorkMatch> Moved)> CommitEach(
        Batch batch, IReadOnlyList<WorkMatch> work, BulkTally before, CancellationToken stop)
    {
        var tally = before;
        foreach (var one in work)
        {
            try
            {
                var outcome = BulkOutcome.Skipped;
                await commits.Run([batch.Row, .. batch.Effect.Rows(one.Id)], async unit =>
                    outcome = await batch.Current(unit) is null ? BulkOutcome.Skipped : await batch.Effect.Apply(one, unit),
                    stop: stop);
                tally = tally.Add(outcome == BulkOutcome.Moved ? BulkOutcome.Skipped : outcome, batch.Run.Family);
            }
            catch (Exception failure) when (!DatabaseFailure.IsPassing(failure) && !stop.IsCancellationRequested)
            {
                BulkLog.OneFailed(logger, one.Id, batch.Run.CorrelationId, failure.Message);
                tally = tally with
                {
                    Failed = tally.Failed + 1,
                    Trouble = $"A {batch.Run.Family} could not be changed; the log knows why.",
                };
            }
        }

        return await CommitTogether(batch, [], tally, isLast: true);
    }

    private Task Change(BulkRun run, Action<BulkRun, DateTimeOffset> change) => commits.Run(
        [RowRef.Of<BulkRun>(run.CorrelationId)],
        async unit =>
        {
            if (await Batch.Current(run, unit) is not { } row)
                return;
            change(row, unit.Now);
            unit.Change(row);
        });

    /// <summary>Part of a run.</summary>
    /// <param name="Next">Where the next part begins; null when this is the last.</param>
    private sealed record Batch(BulkRun Run, BulkEffect Effect, WorkChoice Choice, Guid? Next)
    {
        public RowRef Row => RowRef.Of<BulkRun>(Run.CorrelationId);

        public Task<BulkRun?> Current(UnitOfWork unit) => Current(Run, unit);

        /// <summary>Null when it was cancelled, or another process has moved it on.</summary>
        public static async Task<BulkRun?> Current(BulkRun run, UnitOfWork unit) =>
            await unit.Find<BulkRun>(run.CorrelationId) is { IsRunning: true } row && row.Reached == run.Reached
                ? row
                : null;
    }
}
