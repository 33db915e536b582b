using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;
using Fleet.Worker.Platform.Journal;
using Fleet.Worker.Platform.Leases;

namespace Fleet.Worker.Jobs;

/// <summary>Runs one attempt and reports all that happens: whatever goes wrong here, its end is reported.</summary>
internal sealed class AttemptRunner(
    JobExecutor executor,
    ModelCallExecutor models,
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
                await Perform(attempt, () => executor.Run(order));
            else
                reporter.Finished(attempt.Key, AttemptResults.StoppedBefore(StopReason.LeaseLost));
            await journal.Flush();
        }
        catch (Exception failure)
        {
            Fail(attempt, failure);
        }

        await attempt.Confirmed;
        if (!settings.KeepAttemptDirectories)
            await Remove(directory);
    }

    /// <summary>A model call has neither processes nor a directory.</summary>
    /// <param name="upstream">Null means any that has the model.</param>
    public async Task Run(AttemptInWork attempt, InferenceSpec call, string? upstream, int? timeoutSeconds)
    {
        try
        {
            await Perform(attempt, () => models.Run(new ModelCallOrder(call, upstream, timeoutSeconds, attempt.Stop)));
            await journal.Flush();
        }
        catch (Exception failure)
        {
            Fail(attempt, failure);
        }
    }

    private async Task Perform(AttemptInWork attempt, Func<IAsyncEnumerable<AttemptEvent>> run)
    {
        journal.Write(new JournalEntry(JournalStep.Starting, attempt.Key));
        reporter.Started(attempt.Key);
        await foreach (var happened in run())
            await Tell(attempt, happened);
    }

    private void Fail(AttemptInWork attempt, Exception failure)
    {
        log.AgentFailed(failure, attempt.Key);
        attempt.Child = null;
        reporter.Finished(attempt.Key, AttemptResults.AgentError(failure.Message));
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
