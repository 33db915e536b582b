using Fleet.Chaos.Load;

namespace Fleet.Chaos.Oracle;

/// <summary>Everything that is compared: what clients were told, what jobs did, what the fleet says.</summary>
/// <param name="Listed">Ids and states of all jobs of the run, as the API lists them.</param>
internal sealed record Evidence(
    Ledger Ledger,
    IReadOnlyDictionary<string, Watcher> Watchers,
    SideEffects Effects,
    IReadOnlyDictionary<string, JobRecord> Jobs,
    IReadOnlyList<(string Id, string State)> Listed)
{
    /// <summary>What it was meant to do; null for a job that no client knows of.</summary>
    public JobPlan? PlanOf(JobRecord job) => Ledger.Accepted.GetValueOrDefault(job.Id);
}
