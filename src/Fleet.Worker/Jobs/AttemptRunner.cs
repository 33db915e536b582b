using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;
using Fleet.Worker.Platform.Journal;
using Fleet.Worker.Platform.Leases;

namespace Fleet.Worker.Jobs;

/// <summary>Runs one attempt and reports all that happens: whatever goes wrong here, its end is reported.</summary>
internal sealed class AttemptRunner(
    JobExecutor executor,
    Reporter reporter,
    AttemptJournal journal,
    AgentSession session,
    LeaseKeeper keeper,
    WorkDirectory home,
    WorkerSettings settings,
    ILogger<AttemptRunner> log)
{
    public async Task Run(AttemptInWork attempt, CommandSpec command, int? timeoutSeconds)
    {
        var directory = AttemptDirectory.At(home.Attempts, attempt.Key);
        try
        {
            directory.Create();
            var order = new AttemptOrder(attempt.Key, command, timeoutSeconds, directory, attempt.Stop);
            if (keeper.Cover())
                await Perform(attempt, order);
            else
                reporter.Finished(attempt.Key, AttemptResults.StoppedBefore(StopReason.LeaseLost));
            await journal.Flush();
        }
        catch (Exception failure)
        {
            log.AgentFailed(failure, attempt.Key);
            attempt.Child = null;
            reporter.Finished(attempt.Key, AttemptResults.AgentError(failure.Message));
        }

        await attempt.Confirmed;
        if (!settings.KeepAttemptDirectories)
            await Remove(directory);
    }

    private async Task Perform(AttemptInWork attempt, AttemptOrder order)
    {
        journal.Write(new JournalEntry(JournalStep.Starting, attempt.Key));
        reporter.Started(attempt.Key);
        await foreach (var happened in executor.Run(order))
            await Tell(attempt, happened);
    }

    private Task Tell(AttemptInWork attempt, AttemptEvent happened)
    {
        switch (happened)
        {
            case Began({ } child):
                attempt.Child = child;
                journal.Write(new JournalEntry(JournalStep.Started, attempt.Key, Child: child));
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

    /// <summary>What failed after the lease was over may have been killed for that, by this process or its guard.</summary>
    private void Finish(AttemptInWork attempt, AttemptResult result)
    {
        var isItsTerm = session.Lease.IsHeld && session.Lease.Term == attempt.Term;
        if (result.Outcome == AttemptOutcome.Failed && !isItsTerm)
            result = result.LeaseLost();
        reporter.Finished(attempt.Key, result);
        log.Ended(attempt.Key, result.Outcome, result.ErrorMessage ?? "exit code 0");
    }

    private async Task Remove(AttemptDirectory directory)
    {
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
