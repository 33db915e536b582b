using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Reports;

namespace Fleet.Worker.Attempts;

/// <summary>
/// Takes over what an earlier run of this worker owes: what had ended is reported until it is confirmed; what still ran
/// is ended, since nobody could tell how it goes on, and reported as lost with that run.
/// </summary>
internal sealed class Recovery(
    AttemptLog attemptLog, WorkDirectory home, WorkInHand work, Reporter reporter, ILogger<Recovery> log)
    : IHostedService
{
    private static readonly byte[] _gap = Encoding.UTF8.GetBytes(
        "\n[fleet: the agent ended unexpectedly; what was written last may be missing here]\n");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        attemptLog.Open(home.AttemptLog);
        var owed = attemptLog.Owed;
        foreach (var attempt in owed)
        {
            if (attempt.End is null)
                attempt.Child?.Kill();
            work.Accept(attempt.Key);
            await Report(attempt);
        }

        if (owed.Count > 0)
            log.Recovered(owed.Count, owed.Count(attempt => attempt.End is not null));
        await attemptLog.Flush();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Report(OwedAttempt attempt)
    {
        if (attempt.MayHaveRun || attempt.End is not null)
            reporter.Started(attempt.Key); // what kills its agent at once has done so by running
        if (attempt.End is { OutputOwed: true } || (attempt.End is null && attempt.MayHaveRun))
            await reporter.Wrote(attempt.Key, new OutputChunk("stderr", _gap));
        reporter.Finished(attempt.Key, attempt.End?.Result ?? AttemptResults.AgentRestarted);
    }
}
