using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Jobs;

/// <summary>Runs one attempt and reports all that happens: whatever goes wrong here, its end is reported.</summary>
internal sealed class AttemptRunner(
    JobExecutor executor, Reporter reporter, WorkDirectory home, WorkerSettings settings, ILogger<AttemptRunner> log)
{
    public async Task Run(AttemptInWork attempt, CommandSpec command, int? timeoutSeconds)
    {
        reporter.Started(attempt.Key);
        var directory = AttemptDirectory.At(home.Attempts, attempt.Key);
        try
        {
            directory.Create();
            var order = new AttemptOrder(attempt.Key, command, timeoutSeconds, directory, attempt.Stop);
            await foreach (var happened in executor.Run(order))
                await Tell(attempt.Key, happened);
        }
        catch (Exception failure)
        {
            log.AgentFailed(failure, attempt.Key);
            reporter.Finished(attempt.Key, AttemptResults.AgentError(failure.Message));
        }

        await attempt.Confirmed;
        if (!settings.KeepAttemptDirectories)
            await Remove(directory);
    }

    private Task Tell(AttemptKey key, AttemptEvent happened)
    {
        switch (happened)
        {
            case Wrote(var chunk):
                return reporter.Wrote(key, chunk);
            case Progressed(var progress):
                reporter.Progressed(key, progress);
                break;
            case Ended(var result):
                reporter.Finished(key, result);
                log.Ended(key, result.Outcome, result.ErrorMessage ?? "exit code 0");
                break;
        }

        return Task.CompletedTask;
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
