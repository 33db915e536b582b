using Fleet.Bench.Agents;
using Fleet.Bench.Executions;
using Fleet.Bench.Flood;
using Fleet.Bench.History;
using Fleet.Bench.Inference;
using Fleet.Bench.Load;
using Fleet.Bench.Logs;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Packets;
using Fleet.Bench.Phases;
using Fleet.Bench.Pressure;
using Fleet.Bench.References;
using Fleet.Bench.Rescue;
using Fleet.Bench.Retention;
using Fleet.Bench.Schedules;
using Fleet.Bench.Sockets;
using Fleet.Bench.Target;
using Fleet.Bench.Turns;
using Fleet.Bench.WebConsole;

namespace Fleet.Bench;

/// <summary>One run of the program: what was asked for, then the report.</summary>
internal sealed class BenchRun(BenchOptions options, FleetHome home)
{
    private readonly Results _results = new();
    private readonly ProcessMeter _meter = new(home.Processes);

    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken stop)
    {
        if (options.Command != "references")
            home.MustRun();
        var facts = await Facts(stop);
        var phases = new PhaseRunner(_results, options.PhaseLimit, stop);

        if (options.Command is "references")
            await WithReferences([], phases, stop);
        if (options.Command is "jobs" or "all")
            await Jobs(phases, stop);
        if (options.Command is "logs" or "all")
            await Logs(phases);

        if (options.Command is "rescue")
            await Rescue(new PhaseRunner(_results, options.RescueLimit, stop));
        if (options.Command is "retention")
            await Retention(new PhaseRunner(_results, options.RetentionLimit, stop));
        if (options.Command is "agents")
            await Agents(new PhaseRunner(_results, options.AgentsLimit, stop), stop);
        if (options.Command is "history")
            await History(phases, stop);
        if (options.Command is "inference")
            await Inference(phases, stop);
        if (options.Command is "turns")
            await Turns(phases, stop);
        if (options.Command is "schedules")
            await Schedules(new PhaseRunner(_results, options.SchedulesLimit, stop));

        if (options.Command is "sockets")
            await new SocketsBenchmark(options, home, new PhaseRunner(_results, options.AgentsLimit, stop)).Run();

        if (options.Command is "flood")
            await Flood(new PhaseRunner(_results, options.AgentsLimit, stop), stop);
        if (options.Command is "console")
            await WebConsole(new PhaseRunner(_results, options.AgentsLimit, stop));
        if (options.Command is "executions")
            await new ExecutionsBenchmark(options, home, phases).Run();
        if (options.Command is "packets")
            await new PacketsBenchmark(options, home, phases).Run();
        if (options.Command is "pressure")
            await new PressureBenchmark(options, home, _meter, new PhaseRunner(_results, options.AgentsLimit, stop)).Run(stop);

        await Report(facts);
        return _results.Troubles.Any() || HasFaultyLogs() || HasFaultySchedules() ? 1 : 0;
    }

    private async Task Jobs(PhaseRunner phases, CancellationToken stop)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await using var table = new JobsTable(home.Postgres);
        await using var writes = new TableWrites(home.Postgres);
        var before = await writes.Now(stop);
        var fleet = new FleetOverHttp(api, table);
        var jobs = options.WithReferences
            ? await WithReferences([fleet], phases, stop)
            : await Run([fleet], phases);
        await jobs.RunDrain(new DrainPhase(fleet, table, new Workers(home)), fleet.Name);
        var after = await writes.AtRest(stop);
        foreach (var name in TableWrites.Hot)
            await phases.Run(JobsBenchmark.Rows, name, _ => Task.FromResult(after[name].Since(before[name])));
    }

    private async Task<JobsBenchmark> WithReferences(
        IReadOnlyList<IJobSystem> systems, PhaseRunner phases, CancellationToken stop)
    {
        await using var references = await ReferenceSet.Start(home, stop);
        var jobs = await Run([.. systems, .. references.Systems], phases);
        await phases.Run("check", "rows of the references", async patience =>
        {
            await references.MustBeWhole(patience);
            return [];
        });
        return jobs;
    }

    private async Task<JobsBenchmark> Run(IReadOnlyList<IJobSystem> systems, PhaseRunner phases)
    {
        await using var servers = new ServerMeter(home.Postgres, home.BrokerMetrics);
        var jobs = new JobsBenchmark(options, _meter, servers, phases);
        await jobs.Run(systems);
        await jobs.RunWay(systems);
        return jobs;
    }

    private async Task Logs(PhaseRunner phases)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new LogsBenchmark(options, new LogPhase(api, _meter), phases).Run();
    }

    private async Task Rescue(PhaseRunner phases)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new RescueBenchmark(options, new RescuePhase(api, new Workers(home)), phases).Run();
    }

    private async Task Retention(PhaseRunner phases)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await using var jobs = new JobsTable(home.Postgres);
        await using var finished = new FinishedJobs(home.Postgres);
        await new RetentionBenchmark(options, api, new FleetOverHttp(api, jobs), finished, phases).Run();
    }

    private async Task Agents(PhaseRunner phases, CancellationToken stop)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new AgentsBenchmark(options, home, api, _meter, phases).Run(stop);
    }

    private async Task Flood(PhaseRunner phases, CancellationToken stop)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new FloodBenchmark(options, home, api, _meter, phases).Run(stop);
    }

    private Task History(PhaseRunner phases, CancellationToken stop) => new HistoryBenchmark(options, home, phases).Run(stop);

    private async Task Inference(PhaseRunner phases, CancellationToken stop)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new InferenceBenchmark(options, home, api, _meter, phases).Run(stop);
    }

    private async Task Turns(PhaseRunner phases, CancellationToken stop)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new TurnsBenchmark(options, home, api, phases).Run(stop);
    }

    private async Task WebConsole(PhaseRunner phases)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await new ConsoleBenchmark(options, home, api, _meter, phases).Run();
    }

    private Task Schedules(PhaseRunner phases) => new SchedulesBenchmark(options, home, phases).Run();

    private async Task<IReadOnlyList<string>> Facts(CancellationToken stop) =>
    [
        Machine.Describe(),
        await Machine.DescribeDatabase(home.Postgres, stop),
        $"Fleet at {home.Edge}: {string.Join(", ", home.Processes().Keys.Order(StringComparer.Ordinal))}",
        $"{options.Runs} run(s), medians; warm-up {options.WarmUpJobs:N0} jobs each",
        "Broker, database, load and product share the cores",
    ];

    private async Task Report(IReadOnlyList<string> facts)
    {
        foreach (var fact in facts)
            Console.WriteLine(fact);
        foreach (var table in Tables.For(options))
            table.Write(_results, Console.Out);
        foreach (var sentence in LogsBenchmark.CostOfStalling(_results))
            Console.WriteLine(sentence);
        foreach (var sentence in FirstTokenAdded.Sentences(
            _results, (InferenceBenchmark.FirstToken, "the first token"), (TurnsBenchmark.FirstToken, "a turn's first token")))
            Console.WriteLine(sentence);
        Console.WriteLine();
        Notes.Write(_results, Console.Out);
        if (options.JsonFile is { } file)
            await JsonFile.Write(file, facts, options, _results);
    }

    private bool HasFaultyLogs() => _results.Samples.Any(sample =>
        sample.Figures.GetValueOrDefault("gaps") > 0 || sample.Figures.GetValueOrDefault("duplicates") > 0);

    private bool HasFaultySchedules() => _results.Of(SchedulesBenchmark.Section)
        .Where(runs => runs.Key == SchedulesBenchmark.Fleet).SelectMany(runs => runs)
        .Any(run => run.Figures["missed"] > 0 || run.Figures["doubles"] > 0);
}
