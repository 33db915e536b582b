using System.Diagnostics;
using Fleet.Bench.Agents;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;
using Npgsql;

namespace Fleet.Bench.Executions;

/// <summary>
/// One execution on many agents that are off, so that nothing but its fan-out costs anything: the time until the last job is queued;
/// beside it the same jobs, submitted one by one.
/// </summary>
internal sealed class ExecutionsBenchmark(BenchOptions options, FleetHome home, PhaseRunner phases)
{
    public const string Section = "executions";
    public const string Fleet = "one execution";
    public const string Single = "single submissions";

    private const string Manifest = "bench-fan-out";
    private const int InFlight = 32;

    private string[] Names { get; } = [.. Enumerable.Range(1, options.FanOut).Select(n => $"bench-x-{n:D5}")];

    public async Task Run()
    {
        using var operators = new AgentDoor(home.Edge, home.AdminKey);
        using var door = new ExecutionDoor(home.Edge, home.AdminKey);
        await phases.Run("prepare", "agents are enrolled", async stop =>
        {
            await door.PostManifest(Manifest, stop);
            await Together(async (n, cancel) => _ = await operators.Enrol(Names[n], cancel), stop);
            return [];
        });
        for (var run = 0; run <= options.Runs; run++)
        {
            var section = run == 0 ? "warm-up" : Section;
            await phases.Run(section, Fleet, stop => Execute(door, stop));
            await phases.Run(section, Single, stop => Submit(door, stop));
        }

        await phases.Run("clean up", "agents are removed", async stop =>
        {
            await Together(async (n, cancel) => await operators.Remove(Names[n], cancel), stop);
            return [];
        });
    }

    private async Task<Dictionary<string, double>> Execute(ExecutionDoor door, CancellationToken stop)
    {
        var confirm = await door.Confirm(Manifest, Names, stop);
        var execution = "";
        var figures = await Measure(async () =>
        {
            execution = await door.Execute(Manifest, Names, confirm, stop);
            await AllQueued(stop);
        });
        await door.Cancel(execution, stop);
        return figures;
    }

    private async Task<Dictionary<string, double>> Submit(ExecutionDoor door, CancellationToken stop)
    {
        var jobs = new string[Names.Length];
        var figures = await Measure(() => Together(
            async (n, cancel) => jobs[n] = await door.Submit(Manifest, Names[n], cancel), stop));
        await Together(async (n, cancel) => await door.CancelJob(jobs[n], cancel), stop);
        return figures;
    }

    private async Task<Dictionary<string, double>> Measure(Func<Task> work)
    {
        var meter = new ProcessMeter(home.Processes);
        var before = meter.Read();
        var since = Stopwatch.GetTimestamp();
        await work();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var figures = new Dictionary<string, double> { ["seconds"] = seconds, ["per_second"] = Names.Length / seconds };
        meter.Read().AddUseSince(before, Names.Length, measuredHere: false, figures);
        return figures;
    }

    /// <summary>More agents than go into one transaction follow by themselves.</summary>
    private async Task AllQueued(CancellationToken stop)
    {
        await using var database = NpgsqlDataSource.Create(home.Postgres);
        await using var count = database.CreateCommand(
            "select count(*) from work_waiting waiting join work on work.id = waiting.id where work.name = $1 and work.target_agent like 'bench-x-%'");
        count.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Manifest });
        while ((long)(await count.ExecuteScalarAsync(stop))! < Names.Length)
            await Task.Delay(10, stop);
    }

    private Task Together(Func<int, CancellationToken, ValueTask> work, CancellationToken stop) => Parallel.ForAsync(
        0, Names.Length, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = stop }, work);
}
