using Fleet.Chaos.Load;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Oracle;

/// <summary>What is promised of the fleet as a whole, once nothing is broken and everything has ended.</summary>
internal sealed class FleetChecks(ChaosFleet fleet, Ledger ledger, Records records, BrokerPage broker, Probe probe)
{
    private static readonly TimeSpan Emptying = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<Check>> All(CancellationToken stop) =>
        [await Agents(stop), await Leases(stop), await Outbox(stop), await DeadLetters(stop), Answers()];

    private async Task<Check> Agents(CancellationToken stop)
    {
        var tries = await Task.WhenAll(
            fleet.Processes.Names.Workers.Select(async agent => (Name: agent, Time: await probe.Run(agent, stop))));
        return new Check(
            "every agent works again",
            string.Join(", ", tries.Select(one => $"{one.Name} after {one.Time?.TotalSeconds ?? double.NaN:0.0} s")),
            [.. tries.Where(one => one.Time is null).Select(one => $"{one.Name} never ran what was meant for it")]);
    }

    private async Task<Check> Leases(CancellationToken stop)
    {
        var without = await records.WithoutLease(LeaseTimes.Lease, LeaseTimes.Acceptance + LeaseTimes.Reconcile, stop);
        return new Check("nothing is in hand without a live lease", $"{without.Count} rows", without);
    }

    private async Task<Check> Outbox(CancellationToken stop)
    {
        await records.Settle(Emptying, stop); // what the agents were just asked goes through it too
        var (due, timers) = (await records.Due(stop), await records.LeftTimers(stop));
        return new Check(
            "the outbox is empty",
            $"{due.Count} due, {timers} timers of jobs that have ended",
            timers > 0 ? [.. due, $"{timers} timers of jobs that have ended"] : due);
    }

    private async Task<Check> DeadLetters(CancellationToken stop)
    {
        var letters = await records.DeadLetters(stop);
        var unexplained = letters.Where(letter => string.IsNullOrWhiteSpace(letter.Reason))
            .Select(letter => $"{letter.Count} of {letter.Endpoint} without a reason");
        var lines = letters.Select(letter =>
            $"\n         {letter.Count,5} {letter.Endpoint}: {letter.Reason.ReplaceLineEndings(" ")}");
        return new Check(
            "dead letters are rows with a reason",
            $"{letters.Sum(letter => letter.Count)} rows{string.Concat(lines)}",
            [.. unexplained, .. await broker.Forgotten(stop)]);
    }

    private Check Answers()
    {
        var answers = fleet.Api.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal);
        return new Check(
            "no client was answered what it should not be",
            string.Join(", ", answers.Select(answer => $"{answer.Value} × {answer.Key}")),
            [.. ledger.Wrongs]);
    }
}
