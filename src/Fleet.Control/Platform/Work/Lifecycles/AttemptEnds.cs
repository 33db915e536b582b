using Fleet.Contracts.Attempts;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>What the end of an attempt means for its work: whether it counts, and what comes next.</summary>
internal static class AttemptEnds
{
    extension(WorkRow work)
    {
        public bool HasSucceeded => work.ErrorCode is null;

        /// <summary>What the attempt left; a failed one counts against the attempts allowed.</summary>
        public void Apply(AttemptResult result)
        {
            work.ExitCode = result.ExitCode;
            work.Signal = result.Signal;
            work.Result = result.ResultJson;
            work.CpuSeconds = result.CpuSeconds;
            work.PeakMemoryBytes = result.PeakMemoryBytes;
            work.PutBacks = IsUpstreams(result.ErrorCode) ? work.PutBacks + 1 : 0;
            if (result.Outcome == AttemptOutcome.Succeeded)
            {
                work.ErrorCode = null;
                work.ErrorMessage = null;
                return;
            }

            work.Count(result.ErrorCode);
            if (work.ErrorCode == AttemptErrors.Cancelled && work.State == WorkStates.Cancelling)
                return;
            work.ErrorCode = result.ErrorCode ?? AttemptErrors.Failed;
            work.ErrorMessage = result.ErrorMessage ?? "The attempt failed.";
        }

        /// <summary>Nobody answers for the attempt any more.</summary>
        /// <param name="reason">One of <see cref="LossReasons"/>.</param>
        public void Lose(string reason)
        {
            work.Count(reason);
            if (work.ErrorCode == AttemptErrors.Cancelled)
                return;
            work.ErrorCode = reason == LossReasons.AgentStopped ? reason : AttemptErrors.AgentLost;
            work.ErrorMessage = $"Agent {work.Agent} no longer answers for attempt {work.Attempt} ({reason}).";
        }

        /// <summary>
        /// The attempt ended through no fault of its own: the next one need not wait, unless it could meet the same agent.
        /// </summary>
        public bool WasCutShort => IsAgents(work.ErrorCode) && work.ErrorCode != AttemptErrors.TooLate;

        /// <summary>It was handed back before it started, and later work runs in its place.</summary>
        public bool WasOvertaken => work.SupersededBy is not null && !work.HasStarted && work.WasCutShort;

        public bool MissedItsTime(DateTimeOffset now) => !work.HasStarted && work.ExpiresAt <= now;

        /// <param name="limit">Attempts during which the agent died.</param>
        public void NameCrashLoop(int limit)
        {
            if (work.Crashes < limit)
                return;
            work.ErrorCode = WorkErrors.CrashLoop;
            work.ErrorMessage = $"The agent died {work.Crashes} times while it ran this {work.Family}, so it is not tried again.";
        }

        /// <summary>What an agent hands back, or never began, is no failure of the work, nor is an upstream that is away.</summary>
        private void Count(string? code)
        {
            if (code == AttemptErrors.AgentStopped || IsUpstreams(code) || (work.State == WorkStates.Assigned && IsAgents(code)))
                return;
            work.Failures++;
            if (code is AttemptErrors.AgentLost or AttemptErrors.AgentRestarted)
                work.Crashes++;
        }
    }

    /// <summary>The upstream took no calls: nothing is known about the work.</summary>
    private static bool IsUpstreams(string? code) => code is AttemptErrors.UpstreamUnreachable or AttemptErrors.UpstreamBusy;

    private static bool IsAgents(string? code) => code
        is AttemptErrors.AgentStopped or AttemptErrors.AgentRestarted or AttemptErrors.AgentLost
        or AttemptErrors.LeaseLost or AttemptErrors.TooLate;
}
