using Fleet.Chaos.Output;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Load;

/// <summary>
/// Submits every plan of a run, spread over its length, as single jobs and in lists. A client repeats itself, with the
/// same Idempotency-Key, until it is told 202.
/// </summary>
internal sealed class Clients(Api api, Ledger ledger, Watchers watchers, string effects, RunLog log) : IDisposable
{
    private const int MostInFlight = 24;
    private const int MostTogether = 8;

    private readonly SemaphoreSlim _room = new(MostInFlight);
    private readonly List<Task> _later = [];

    /// <summary>Returns when all are accepted, and what is to be cancelled is cancelled.</summary>
    public async Task SubmitAll(IReadOnlyList<JobPlan> plans, TimeSpan within, Random random, CancellationToken stop)
    {
        var start = log.Elapsed;
        for (var next = 0; next < plans.Count;)
        {
            var together = Math.Min(random.Next(2) == 0 ? 1 : random.Next(2, MostTogether + 1), plans.Count - next);
            var chunk = plans.Skip(next).Take(together).ToArray();
            var early = start + (within * next / plans.Count) - log.Elapsed;
            if (early > TimeSpan.Zero)
                await Task.Delay(early, stop);
            await _room.WaitAsync(stop);
            Later(SubmitThenLeave(chunk, stop));
            next += together;
        }

        await Task.WhenAll(Snapshot());
    }

    /// <summary>One or several jobs in one request.</summary>
    /// <returns>Their ids, in the same order.</returns>
    public async Task<IReadOnlyList<string>> Submit(IReadOnlyList<JobPlan> plans, CancellationToken stop)
    {
        var drafts = plans.Select(plan => plan.Draft(ledger.Run, effects)).ToArray();
        var json = drafts.Length == 1 ? FleetJson.Write(drafts[0]) : FleetJson.Write(drafts);
        try
        {
            var body = await api.Ask(HttpMethod.Post, "/v1/jobs", json, Guid.NewGuid().ToString("N"), stop);
            var ids = drafts.Length == 1
                ? [FleetJson.Read<JobView>(body).JobId]
                : FleetJson.Read<PageView<JobView>>(body).Items.Select(job => job.JobId).ToArray();
            foreach (var (id, plan) in ids.Zip(plans))
                Begin(id, plan, stop);
            return ids;
        }
        catch (WrongAnswerException wrong)
        {
            ledger.NoteWrong(wrong.Message);
            return [];
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task SubmitThenLeave(JobPlan[] plans, CancellationToken stop)
    {
        try
        {
            await Submit(plans, stop);
        }
        finally
        {
            _room.Release();
        }
    }

    private void Begin(string jobId, JobPlan plan, CancellationToken stop)
    {
        ledger.Note(jobId, plan);
        if (plan.IsWatched)
            watchers.Follow(jobId, stop);
        if (plan.CancelAfter is { } after)
            Later(Cancel(jobId, after, stop));
    }

    private async Task Cancel(string jobId, TimeSpan after, CancellationToken stop)
    {
        await Task.Delay(after, stop);
        try
        {
            await api.Ask(HttpMethod.Post, $"/v1/jobs/{jobId}/cancellation", null, null, stop);
        }
        catch (WrongAnswerException wrong)
        {
            ledger.NoteWrong(wrong.Message);
        }
    }

    private void Later(Task task)
    {
        lock (_later)
            _later.Add(task);
    }

    private Task[] Snapshot()
    {
        lock (_later)
            return [.. _later];
    }
}
