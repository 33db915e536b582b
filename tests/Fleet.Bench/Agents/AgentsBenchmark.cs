using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Agents;

/// <summary>Many agents on one fleet: what they cost at rest and at work, and how they come back to a killed broker.</summary>
internal sealed class AgentsBenchmark(
    BenchOptions options, FleetHome home, FleetApi api, ProcessMeter meter, PhaseRunner phases)
{
    public const string Section = "agents";

    public async Task Run(CancellationToken stop)
    {
        using var door = new AgentDoor(home.Edge, home.AdminKey);
        await using var agents = new AgentsTable(home.Postgres);
        await using var jobs = new JobsTable(home.Postgres);
        await using var crowd = new Crowd(door, home.Rabbit, options.Agents);
        var pooled = new FleetOverHttp(api, jobs, Crowd.Pool);
        var arrival = new Arrival(agents, crowd.Names);
        var loss = new BrokerLossPhase(crowd, arrival, agents, jobs, api, new Workers(home));

        await Phase("before they come", Wait);
        await Phase("they come, all at once", async (figures, patience) =>
        {
            await crowd.Enrol(patience);
            var since = await agents.Now(patience);
            crowd.Start();
            await arrival.Watch(since, figures, patience);
            (figures["asked"], figures["let_in"]) = crowd.Registrations;
        });
        await Phase("at rest: heartbeats", Wait);
        await Phase($"{options.PacedPerSecond} jobs/s", async (figures, patience) =>
        {
            foreach (var (figure, value) in await PacedPhase.Run(
                pooled, options.PacedPerSecond, options.Seconds, patience))
                figures[figure] = value;
        });
        await Phase($"broker killed, {options.PacedPerSecond} jobs/s", (figures, patience) =>
            loss.Run(options.PacedPerSecond, options.Seconds, figures, patience));
        await Phase("at rest again", Wait);
    }

    private Task Wait(Dictionary<string, double> figures, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromSeconds(options.Seconds), stop);

    private Task Phase(string subject, Func<Dictionary<string, double>, CancellationToken, Task> phase) =>
        phases.Run(Section, subject, async stop =>
        {
            var figures = new Dictionary<string, double>();
            await using var watch = new UseWatch(meter);
            await phase(figures, stop);
            await watch.AddTo(figures);
            return figures;
        });
}
