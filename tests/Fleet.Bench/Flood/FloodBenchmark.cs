using Fleet.Bench.Agents;
using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Flood;

/// <summary>
/// No-op jobs of other agents at an even pace, alone and while one agent says all it can: their latency, and leases that ended.
/// Rounds take turns, so that what disturbs the machine disturbs them alike.
/// </summary>
internal sealed class FloodBenchmark(BenchOptions options, FleetHome home, FleetApi api, ProcessMeter meter, PhaseRunner phases)
{
    public const string Section = "flood";
    public const string Quiet = "nobody floods";
    public const string Junk = "one says junk";
    public const string Reports = "one reports 64 kB at a time";
    public const string Output = "one job prints without end";

    private const int ReportBytes = 64 * 1024;

    public async Task Run(CancellationToken stop)
    {
        using var door = new AgentDoor(home.Edge, home.AdminKey);
        await using var jobs = new JobsTable(home.Postgres);
        var token = "";
        await phases.Run("prepare", "an agent is enrolled", async patience =>
        {
            token = await door.Enrol(FloodingAgent.Name, patience);
            return [];
        });
        try
        {
            for (var run = 1; run <= options.Runs; run++)
                await Round(door, token, jobs);
        }
        finally
        {
            await door.Remove(FloodingAgent.Name, CancellationToken.None);
        }
    }

    private async Task Round(AgentDoor door, string token, JobsTable jobs)
    {
        await Phase(Quiet, jobs, (_, over) => Task.Delay(Timeout.Infinite, over));
        await Phase(Junk, jobs, (figures, over) => Agent(door, token, _ => FloodingAgent.Junk, figures, over));
        await Phase(Quiet, jobs, (_, over) => Task.Delay(Timeout.Infinite, over));
        await Phase(Reports, jobs, (figures, over) => Agent(door, token, agent => () => agent.Report(ReportBytes), figures, over));
        await Phase(Quiet, jobs, (_, over) => Task.Delay(Timeout.Infinite, over));
        await Phase(Output, jobs, Print);
    }

    private Task Phase(string subject, JobsTable jobs, Func<Dictionary<string, double>, CancellationToken, Task> flood) =>
        phases.Run(Section, subject, async stop =>
        {
            var fleet = new FleetOverHttp(api, jobs);
            var flooded = new Dictionary<string, double>();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await using var watch = new UseWatch(meter);
            var flooding = flood(flooded, over.Token);
            var figures = await PacedPhase.Run(fleet, options.PacedPerSecond, options.Seconds, stop);
            await watch.AddTo(figures);
            await over.CancelAsync();
            await flooding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var (figure, value) in flooded)
                figures[figure] = value;
            figures["leases_lost"] = await jobs.Lost(fleet.RunName, accepted: true, stop);
            figures["not_accepted"] = await jobs.Lost(fleet.RunName, accepted: false, stop);
            return figures;
        });

    private async Task Agent(
        AgentDoor door, string token, Func<FloodingAgent, Func<byte[]>> says, Dictionary<string, double> figures, CancellationToken over)
    {
        var agent = new FloodingAgent(door, home.Rabbit, token);
        await agent.Live(says(agent), over);
        (figures["said"], figures["let_in"]) = (agent.Said, agent.Entries);
    }

    private async Task Print(Dictionary<string, double> figures, CancellationToken over)
    {
        var job = await api.SubmitScript("bench-flood", "yes 'a line of output that nobody reads'", over);
        try
        {
            await Task.Delay(Timeout.Infinite, over);
        }
        finally
        {
            await api.Cancel(job, CancellationToken.None);
        }
    }
}
