using System.Security.Cryptography;
using System.Text;
using Fleet.Chaos.Load;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Oracle;

/// <summary>What is promised of the fleet as a whole, once nothing is broken and everything has ended.</summary>
internal sealed class FleetChecks(
    Evidence evidence, Records records, IReadOnlyList<string> agents, BrokerPage broker, Api api, Probe probe)
{
    public async Task<IReadOnlyList<Check>> All(CancellationToken stop) =>
    [
        await Agents(stop), await Leases(stop), await Outbox(stop), await DeadLetters(stop), await Outputs(stop), await Artifacts(stop), Answers(),
    ];

    private async Task<Check> Agents(CancellationToken stop)
    {
        var tries = await Task.WhenAll(agents.Select(async agent => (Agent: agent, Time: await probe.Run(agent, stop))));
        return new Check(
            "every agent works again",
            string.Join(", ", tries.Select(tried => $"{tried.Agent} {(tried.Time is { } time ? $"{time.TotalSeconds:0.0} s" : "NOT")}")),
            [.. tries.Where(tried => tried.Time is null).Select(tried => $"{tried.Agent} never ran a job that was meant for it")]);
    }

    private async Task<Check> Leases(CancellationToken stop)
    {
        var without = await records.WithoutLease(LeaseTimes.Lease, LeaseTimes.Acceptance + LeaseTimes.Reconcile, stop);
        return new Check("nothing is in hand without a live lease", $"{without.Count} rows", without);
    }

    private async Task<Check> Outbox(CancellationToken stop)
    {
        var (due, timers) = (await records.Due(stop), await records.LeftTimers(stop));
        List<string> wrong = [.. due];
        if (timers > 0)
            wrong.Add($"{timers} timers of jobs that have ended");
        return new Check("the outbox is empty", $"{due.Count} due, {timers} timers left", wrong);
    }

    private async Task<Check> DeadLetters(CancellationToken stop)
    {
        var letters = await records.DeadLetters(stop);
        List<string> wrong =
        [
            .. letters.Where(letter => string.IsNullOrWhiteSpace(letter.Reason)).Select(letter => $"{letter.Count} of {letter.Endpoint} without a reason"),
            .. await broker.Forgotten(stop),
        ];
        var reasons = letters.Select(letter => $"\n         {letter.Count,5} {letter.Endpoint}: {letter.Reason.ReplaceLineEndings(" ")}");
        return new Check(
            "dead letters are rows with a reason",
            $"{letters.Sum(letter => letter.Count)} rows{string.Concat(reasons)}",
            wrong);
    }

    private async Task<Check> Outputs(CancellationToken stop)
    {
        var (outputs, gaps) = (await records.Outputs(stop), await records.ToldGaps(stop));
        var succeeded = evidence.Jobs.Values.Where(job => job.State == "Succeeded" && evidence.Ledger.Accepted.ContainsKey(job.Id)).ToList();
        var wrong = succeeded
            .Where(job => !gaps.Contains(job.Id) && outputs.GetValueOrDefault(job.Id, "") != evidence.Ledger.Accepted[job.Id].Output)
            .Select(job => $"{job.Id}: {outputs.GetValueOrDefault(job.Id, "").Length} characters instead of {evidence.Ledger.Accepted[job.Id].Output?.Length}");
        return new Check(
            "the output of what succeeded is whole, once and in order",
            $"{outputs.Values.Sum(output => (long)output.Length)} characters of {succeeded.Count} jobs, {gaps.Count} say that something may be missing",
            [.. wrong]);
    }

    private async Task<Check> Artifacts(CancellationToken stop)
    {
        var stored = (await records.Artifacts(stop)).ToLookup(artifact => artifact.Id);
        var owed = evidence.Jobs.Values
            .Where(job => job.State == "Succeeded" && evidence.Ledger.Accepted.GetValueOrDefault(job.Id)?.Behaviour == Behaviour.Artifact).ToList();
        var wrong = owed.Where(job => !stored[job.Id].SequenceEqual([Proof(job.Id)]))
            .Select(job => $"{job.Id}: {string.Join(", ", stored[job.Id])}");
        return new Check("artifacts of what succeeded are stored, once and as they were", $"{owed.Count} jobs", [.. wrong]);
    }

    private Check Answers() => new(
        "no client got an answer that is nobody's fault but ours",
        string.Join(", ", api.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Value} × {answer.Key}")),
        [.. evidence.Ledger.Wrongs]);

    private static (string Id, string Name, long Size, string Sha256) Proof(string id)
    {
        var bytes = Encoding.ASCII.GetBytes($"{id}\n");
        return (id, JobPlan.ArtifactName, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
