using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Attempts;

/// <summary>Takes commands about attempts and sees to it that each gets done, on its own, and reported.</summary>
internal sealed class AttemptDispatcher(
    WorkInHand work,
    AttemptLog attemptLog,
    Reporter reporter,
    AttemptRunner runner,
    AgentSession session,
    ILogger<AttemptDispatcher> log)
{
    private volatile bool _closed;

    /// <summary>
    /// Begins attempts and returns when it is on disk that they were accepted. One that was accepted before, or is
    /// meant for another session, is ignored.
    /// </summary>
    public async Task Accept(IEnumerable<RunAttempt> runs)
    {
        await session.Known; // a command may overtake the welcome, and only that tells how long the lease is
        var accepted = new List<(AttemptInWork Attempt, RunAttempt Run)>();
        foreach (var run in runs.Where(run => run.Session == session.Id))
        {
            var key = new AttemptKey(run.WorkId, run.Kind ?? "", run.Attempt);
            if (work.Accept(key) is { } attempt)
            {
                attempt.Term = session.Lease.Term;
                accepted.Add((attempt, run));
            }
            else if (work.StoppedBefore(key))
                reporter.Finished(key, AttemptResults.StoppedBefore(StopReason.Cancelled));
        }

        if (!Write(accepted.ConvertAll(one => one.Attempt)))
            return;
        foreach (var (attempt, run) in accepted)
            Begin(attempt, run);
        await attemptLog.Flush();
    }

    /// <summary>Stops an attempt, also one that has not come yet: then its end is reported all the same.</summary>
    public void Stop(StopAttempt stop)
    {
        var key = new AttemptKey(stop.WorkId, stop.Kind ?? "", stop.Attempt);
        var grace = TimeSpan.FromSeconds(Math.Clamp(stop.GraceSeconds, 0, 86_400));
        log.StopAsked(key, grace.TotalSeconds);
        if (!work.Stop(key, StopReason.Cancelled, grace))
            reporter.Finished(key, AttemptResults.StoppedBefore(StopReason.Cancelled));
    }

    /// <summary>From now on nothing starts; returns when the end of everything that ran is confirmed,
    /// or nobody confirms it.</summary>
    /// <param name="grace">Time between SIGTERM and SIGKILL.</param>
    public async Task Close(TimeSpan grace, TimeSpan patience)
    {
        _closed = true;
        session.Close();
        foreach (var attempt in work.All())
            attempt.Stop.Ask(StopReason.AgentStopping, grace);
        var confirmed = work.Empty();
        await Task.WhenAny(confirmed, Task.Delay(grace));
        foreach (var attempt in work.All())
            attempt.Stop.Hurry();
        await Task.WhenAny(confirmed, Task.Delay(patience));
        if (work.Names() is { Count: > 0 } unconfirmed)
            log.EndedUnconfirmed(unconfirmed.Count);
    }

    /// <summary>What cannot be written down does not start.</summary>
    private bool Write(List<AttemptInWork> accepted)
    {
        try
        {
            attemptLog.Write(accepted.Select(attempt => new AttemptLogEntry(AttemptLogStep.Accepted, attempt.Key)));
            return true;
        }
        catch (IOException refused)
        {
            log.NotAccepted(accepted.Count, refused.Message);
            foreach (var attempt in accepted)
                reporter.Finished(attempt.Key, AttemptResults.AgentError(refused.Message));
            return false;
        }
    }

    private void Begin(AttemptInWork attempt, RunAttempt run)
    {
        if (_closed)
            reporter.Finished(attempt.Key, AttemptResults.StoppedBefore(StopReason.AgentStopping));
        else if (!session.Lease.IsHeld || !session.Lease.IsFresh(run.Beat))
            reporter.Finished(attempt.Key, AttemptResults.TooLate);
        else
            runner.Begin(attempt, run);
    }
}
