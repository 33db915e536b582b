using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Leases;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Attempts;

/// <summary>
/// Carries an attempt of any kind from its acceptance to its end and reports all that happens: whatever goes wrong
/// here, its end is reported.
/// </summary>
internal sealed class AttemptRunner(
    Executors executors,
    Reporter reporter,
    AttemptLog attemptLog,
    AgentSession session,
    LeaseKeeper keeper,
    WorkDirectory home,
    JobUsers users,
    WorkerSettings settings,
    ILogger<AttemptRunner> log)
{
    /// <summary>Begins an attempt, and keeps nobody waiting who brought it.</summary>
    public void Begin(AttemptInWork attempt, RunAttempt run)
    {
        if (executors.Find(attempt.Key.Kind) is not { } executor)
            reporter.Finished(attempt.Key, AttemptResults.UnknownKind(attempt.Key.Kind));
        else if (executor.ResultAtOnce is { } result)
            reporter.StartedAndFinished(attempt.Key, result);
        else
            Start(attempt, executor, run);
    }

    private void Start(AttemptInWork attempt, IExecutor executor, RunAttempt run)
    {
        try
        {
            var user = executor.SwitchesUser ? users.Take(run.Tenant ?? "") : null;
            var context = ContextOf(attempt, run, user);
            _ = Task.Run(() => Run(attempt, executor, context));
        }
        catch (IOException impossible)
        {
            reporter.Finished(attempt.Key, AttemptResults.AgentError(impossible.Message));
        }
    }

    private AttemptContext ContextOf(AttemptInWork attempt, RunAttempt run, ChildUser? user) => new(
        attempt.Key,
        run.SpecJson ?? "", // null on the wire: as unreadable as any nonsense
        run.TimeoutSeconds,
        run.Upstream,
        AttemptDirectory.At(home.Attempts, attempt.Key, user),
        attempt.Stop);

    private async Task Run(AttemptInWork attempt, IExecutor executor, AttemptContext context)
    {
        try
        {
            await Perform(attempt, executor, context);
            await attemptLog.Flush();
        }
        catch (UnreadableSpecException wrong)
        {
            reporter.Finished(attempt.Key, AttemptResults.UnreadableSpec(executor.Kind, wrong.Message));
        }
        catch (Exception failure)
        {
            log.AgentFailed(failure, attempt.Key);
            attempt.Child = null;
            reporter.Finished(attempt.Key, AttemptResults.AgentError(failure.Message));
        }

        users.Give(context.Directory.User);
        if (executor.StartsProcesses)
            await Remove(attempt, context.Directory);
    }

    private async Task Perform(AttemptInWork attempt, IExecutor executor, AttemptContext context)
    {
        var events = executor.Run(context);
        if (executor.StartsProcesses)
        {
            context.Directory.Create(isClosed: executor.PreparesDirectory);
            if (!keeper.Cover())
            {
                reporter.Finished(attempt.Key, AttemptResults.StoppedBefore(StopReason.LeaseLost));
                return;
            }
        }

        attemptLog.Write(new AttemptLogEntry(AttemptLogStep.Starting, attempt.Key));
        reporter.Started(attempt.Key);
        var hasEnded = false;
        await foreach (var happened in events)
        {
            await Tell(attempt, happened);
            hasEnded |= happened is Ended;
        }

        if (!hasEnded)
            throw new InvalidOperationException($"The executor of {executor.Kind} told no end.");
    }

    private Task Tell(AttemptInWork attempt, AttemptEvent happened)
    {
        switch (happened)
        {
            case Began({ } child):
                attempt.Child = child;
                attemptLog.Write(new AttemptLogEntry(AttemptLogStep.Started, attempt.Key, Child: child));
                break;
            case Wrote(var chunk):
                return reporter.Wrote(attempt.Key, chunk);
            case Progressed(var progress):
                reporter.Progressed(attempt.Key, progress);
                break;
            case Ended(var result):
                attempt.Child = null;
                Finish(attempt, result);
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>What failed after the lease was over may have been killed for that, here or by the guard.</summary>
    private void Finish(AttemptInWork attempt, AttemptResult result)
    {
        var isItsTerm = session.Lease.IsHeld && session.Lease.Term == attempt.Term;
        if (result.Outcome == AttemptOutcome.Failed && !isItsTerm)
            result = result.LeaseLost();
        reporter.Finished(attempt.Key, result);
        log.Ended(attempt.Key, result.Outcome, result.ErrorMessage ?? "exit code 0");
    }

    /// <summary>What is in the directory is of use until Control knows the end.</summary>
    private async Task Remove(AttemptInWork attempt, AttemptDirectory directory)
    {
        await attempt.Confirmed;
        if (settings.KeepAttemptDirectories)
            return;
        try
        {
            await directory.Delete();
        }
        catch (IOException refused)
        {
            log.DirectoryNotRemoved(directory.Root, refused.Message);
        }
    }
}
