using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Manifests.Executions;

/// <summary>What can be done with executions, for every door alike.</summary>
internal sealed class ExecutionOperations(
    IdempotentWork once, GroupCommit commits, ExecutionStart start, ExecutionStore store, WorkKinds kinds, DatabaseClock clock)
{
    private const int MostAtOnce = 500;

    /// <param name="answer">Made of the execution as it is then.</param>
    public async Task<Answer> Create(Request by, ExecutionPlan plan, Func<Execution, Answer> answer, CancellationToken stop)
    {
        var (execution, hosts) = ExecutionStart.Rows(plan, by.Caller, clock.Now);
        return await once.Run(by, start.NewRows(execution, hosts), [execution.CorrelationId], async unit =>
        {
            var (fresh, members) = (Copy(execution), hosts.ConvertAll(Copy)); // a commit may be tried again
            await ExecutionStart.Add(unit, fresh, members);
            return answer(fresh);
        }, stop);
    }

    /// <summary>
    /// The yes of another key than the one that asked, and with a schedule than the one whose it is, and than the one that posted
    /// what it runs. The waves count from then on.
    /// </summary>
    /// <exception cref="ProblemException">It waits for none, or for another key's.</exception>
    public Task Approve(Guid id, Caller by, CancellationToken stop) => Change(id, execution =>
    {
        if (execution.State != ExecutionStates.AwaitingApproval)
            throw new ProblemException(Problem.Conflict("not_awaiting_approval", "The execution does not wait for an approval."));
        if (execution.Owner == by.KeyId || execution.AskedBy == by.KeyId)
            throw new ProblemException(Problem.Forbidden("Who asked for an execution cannot approve it: that takes another key."));
        if (execution.Author == by.KeyId)
            throw new ProblemException(Problem.Forbidden("Who posted what a schedule starts cannot approve it: that takes another key."));
        var now = clock.Now;
        (execution.State, execution.ApprovedBy, execution.BeganAt) = (ExecutionStates.Running, by.Name, now);
        execution.WaveAt = now.AddSeconds(ExecutionStart.TermsOf(execution).Delays[0]);
    }, stop);

    /// <exception cref="ProblemException">It does not run.</exception>
    public Task Pause(Guid id, Caller by, CancellationToken stop) => Change(id, execution =>
    {
        if (execution.State == ExecutionStates.Paused)
            return;
        if (execution.State != ExecutionStates.Running)
            throw new ProblemException(Problem.Conflict("not_running", $"The execution is {execution.State}."));
        (execution.State, execution.Reason) = (ExecutionStates.Paused, $"paused by {by.Name}");
    }, stop);

    /// <summary>
    /// Also where its brakes stopped it: the next wave begins, whatever failed before. Those behind it keep their distance to it.
    /// </summary>
    /// <exception cref="ProblemException">It is not paused.</exception>
    public Task Resume(Guid id, CancellationToken stop) => Change(id, execution =>
    {
        if (execution.State != ExecutionStates.Paused)
            throw new ProblemException(Problem.Conflict("not_paused", $"The execution is {execution.State}."));
        var isBraked = execution.Reason?.StartsWith(ExecutionRollout.Brakes, StringComparison.Ordinal) == true;
        execution.Reason = isBraked ? ExecutionRollout.Released : null;
        execution.State = ExecutionStates.Running;
        var now = clock.Now;
        if (now - execution.WaveAt is { Ticks: > 0 } late)
            (execution.BeganAt, execution.WaveAt) = ((execution.BeganAt ?? execution.CreatedAt) + late, now);
    }, stop);

    /// <summary>What has not begun never does. What runs is ended too, unless only its beginning is to be prevented.</summary>
    /// <returns>False when it was over already.</returns>
    public async Task<bool> Abort(Guid id, string by, bool endRunning, CancellationToken stop)
    {
        var isDone = false;
        await Change(id, async (execution, unit) =>
        {
            isDone = !ExecutionStates.IsOver(execution.State);
            await Abort(unit, execution, by, endRunning);
        }, stop);
        if (isDone || endRunning)
            await CancelOpen(id, by, endRunning, stop); // of one that was only kept from beginning, what runs is ended now
        return isDone;
    }

    /// <summary>The same within a unit. What is open is ended by the Control that leads, unless somebody is faster.</summary>
    public static async Task Abort(UnitOfWork unit, Execution execution, string by, bool endRunning)
    {
        execution.EndsRunning |= endRunning && execution.Open > 0;
        if (ExecutionStates.IsOver(execution.State))
            return;
        (execution.State, execution.Reason, execution.WaveAt) = (ExecutionStates.Aborted, by, null);
        await SkipWaiting(unit, execution, null);
    }

    /// <summary>Ends what one agent has of it, begun or not.</summary>
    /// <returns>False when there is no such agent in it.</returns>
    public async Task<bool> AbortHost(Guid id, string agent, string by, CancellationToken stop)
    {
        if (await store.FindHost(id, agent, stop) is not { } host)
            return false;
        await Change(id, (execution, unit) => SkipWaiting(unit, execution, host.CorrelationId), stop);
        await Cancel([host.CorrelationId], by);
        return true;
    }

    /// <summary>Asks for the end of the jobs of an execution.</summary>
    public async Task CancelOpen(Guid id, string by, bool endRunning, CancellationToken stop)
    {
        foreach (var some in (await store.OpenJobs(id, endRunning, stop)).Chunk(MostAtOnce))
            await Cancel(some, by);
    }

    private Task Cancel(Guid[] jobs, string by) => commits.Run(
        [.. jobs.Select(job => kinds.RowOf(JobKinds.Command, job))],
        async unit =>
        {
            foreach (var job in jobs)
                await unit.Raise(new CancelWork(job, JobKinds.Command, by));
        });

    private Task Change(Guid id, Action<Execution> change, CancellationToken stop) => Change(id, (execution, _) =>
    {
        change(execution);
        return Task.CompletedTask;
    }, stop);

    private async Task Change(Guid id, Func<Execution, UnitOfWork, Task> change, CancellationToken stop)
    {
        ProblemException? refused = null;
        await commits.Run([RowRef.Of<Execution>(id)], async unit =>
        {
            refused = null;
            try
            {
                var execution = await unit.Find<Execution>(id) ?? throw new ProblemException(Problem.NotFound("execution"));
                await change(execution, unit);
                ExecutionStart.CloseIfEmpty(execution, unit.Now);
                unit.Change(execution);
            }
            catch (ProblemException no)
            {
                refused = no; // its neighbours in the commit are innocent
            }
        }, stop: stop);
        if (refused is not null)
            throw refused;
    }

    /// <param name="only">One of them; null for all.</param>
    private static async Task SkipWaiting(UnitOfWork unit, Execution execution, Guid? only)
    {
        await using var skip = unit.Db.CreateCommand(
            $"""
            update execution_hosts set state = '{HostStates.Skipped}', reason = 'aborted', finished_at = $2, version = version + 1
            where execution_id = $1 and state = '{HostStates.Waiting}' and ($3::uuid is null or id = $3)
            """,
            SqlValue.Of(execution.CorrelationId), SqlValue.Of(unit.Now), SqlValue.Maybe(only));
        var skipped = await skip.ExecuteNonQueryAsync();
        execution.Open -= skipped;
        execution.Waiting -= skipped;
        execution.Skipped += skipped;
        if (execution.Open == 0)
            execution.FinishedAt ??= unit.Now;
    }

    /// <summary>A row as it is now: a commit that is tried again begins with it anew.</summary>
    public static TRow Copy<TRow>(TRow row) where TRow : class, new()
    {
        var copy = new TRow();
        foreach (var property in typeof(TRow).GetProperties())
            property.SetValue(copy, property.GetValue(row));
        return copy;
    }
}
