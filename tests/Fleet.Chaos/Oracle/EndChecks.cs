using Fleet.Chaos.Load;

namespace Fleet.Chaos.Oracle;

/// <summary>What clients were told is what became of their jobs.</summary>
internal sealed class EndChecks(Evidence evidence)
{
    /// <summary>How a job that nothing is wrong with may fail all the same.</summary>
    private static readonly string[] Excuses =
    [
        "agent_lost", "agent_restarted", "agent_stopped", "lease_lost", "crash_loop", "agent_error", "start_failed",
        "artifact_upload_failed",
    ];

    public IEnumerable<Check> All() => [OneEnd(), Expected()];

    private Check OneEnd()
    {
        var (told, jobs) = (evidence.Ledger.Accepted, evidence.Jobs);
        var listed = evidence.Listed.ToLookup(job => job.Id, job => job.State);
        List<string> wrong =
        [
            .. told.Keys.Where(id => !jobs.ContainsKey(id)).Select(id => $"{id} was accepted and is missing"),
            .. jobs.Keys.Where(id => !told.ContainsKey(id)).Select(id => $"{id} is there, and no client was told"),
            .. jobs.Values.Where(job => !job.IsOver).Select(job => $"not over: {job}"),
            .. jobs.Values.Where(job => !listed[job.Id].SequenceEqual([job.State.ToLowerInvariant()]))
                .Select(job => $"{job.Id} is {job.State}; the API lists: {string.Join(' ', listed[job.Id])}"),
        ];
        return new Check(
            "every accepted job is in exactly one terminal state, none is missing",
            $"{told.Count} accepted: {Tally.Of(jobs.Values.Select(job => job.State))}",
            wrong);
    }

    private Check Expected()
    {
        var known = evidence.Jobs.Values.Where(job => job.IsOver && evidence.PlanOf(job) is not null).ToList();
        var excused = known.Where(job => job.State == "Failed" && !IsMeantToFail(Does(job)));
        return new Check(
            "every job ended as it had to, or says what was lost",
            $"failed through what was broken: {Tally.Of(excused.Select(job => $"{Does(job)} {job.ErrorCode}"))}",
            [.. known.Where(job => !MayEndSo(Does(job), job)).Select(job => $"{Does(job)}: {job}")]);
    }

    private Behaviour Does(JobRecord job) => evidence.PlanOf(job)!.Behaviour;

    private static bool MayEndSo(Behaviour behaviour, JobRecord job) => (behaviour, job.State) switch
    {
        (Behaviour.Cancelled, "Cancelled" or "Succeeded") => true,
        (Behaviour.Fails, "Failed") => job.ErrorCode == "exit_code" || Excuses.Contains(job.ErrorCode),
        (Behaviour.TimesOut, "Failed") => job.ErrorCode == "timeout" || Excuses.Contains(job.ErrorCode),
        (Behaviour.Poison, "Failed") => job.ErrorCode is "crash_loop" or "agent_lost" or "agent_restarted",
        (Behaviour.Fails or Behaviour.TimesOut or Behaviour.Poison, _) => false,
        (_, "Succeeded") => true,
        (_, "Failed") => Excuses.Contains(job.ErrorCode),
        _ => false,
    };

    private static bool IsMeantToFail(Behaviour behaviour) => behaviour is Behaviour.Fails or Behaviour.TimesOut;
}
