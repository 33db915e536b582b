using Fleet.Bench.Load;
using Fleet.Bench.Output;
using Fleet.Bench.Target;

namespace Fleet.Bench.Agents;

/// <summary>Kills the broker while jobs are submitted, starts it again, and waits for all agents and all jobs.</summary>
internal sealed class BrokerLossPhase(
    Crowd crowd, Arrival arrival, AgentsTable agents, JobsTable jobs, FleetApi api, Workers processes)
{
    private const string Broker = "rabbitmq";

    /// <summary>The pace is there before the broker goes.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3);

    private int _accepted;
    private int _refused;

    public async Task Run(int perSecond, int seconds, Dictionary<string, double> figures, CancellationToken stop)
    {
        var name = $"bench-{Guid.NewGuid():N}";
        var before = crowd.Registrations;
        var load = Pacer.Run(perSecond, perSecond * seconds, () => Submit(name, stop), stop);
        await Task.Delay(Before, stop);
        await processes.Signal(Broker, "KILL", stop);
        var since = await agents.Now(stop);
        var watching = arrival.Watch(since, figures, stop);
        await processes.Start(Broker, stop);
        figures["broker_s"] = (await agents.Now(stop) - since).TotalSeconds;
        Progress.Say("  the broker is back");
        await watching;
        Progress.Say("  all agents are back");
        figures["asked"] = crowd.Registrations.Asked - before.Asked;
        figures["let_in"] = crowd.Registrations.LetIn - before.LetIn;
        await load;
        await jobs.NoneLeft(name, stop);
        await Count(name, figures, stop);
    }

    private async Task Count(string name, Dictionary<string, double> figures, CancellationToken stop)
    {
        var outcome = await jobs.Outcome(name, stop);
        figures["accepted"] = _accepted;
        figures["refused"] = _refused;
        figures["jobs"] = outcome.Jobs;
        figures["succeeded"] = outcome.Succeeded;
        figures["leases_lost"] = await jobs.Lost(name, accepted: true, stop);
        figures["not_accepted"] = await jobs.Lost(name, accepted: false, stop);
        if (outcome.Jobs < _accepted || outcome.Succeeded != outcome.Jobs)
        {
            throw new InvalidOperationException(
                $"{_accepted} jobs were accepted, {outcome.Jobs} are there, {outcome.Succeeded} succeeded.");
        }
    }

    private async Task Submit(string name, CancellationToken stop)
    {
        try
        {
            await api.SubmitNoop(name, Crowd.Pool, stop);
            Interlocked.Increment(ref _accepted);
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _refused);
        }
    }
}
