using Fleet.Bench.Agents;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Sockets;

/// <summary>
/// Many agents on sockets of one fleet, some of which speak each second: CPU, memory of each, and how late they are answered; beside
/// them a bare echo of Kestrel with as many connections.
/// </summary>
internal sealed class SocketsBenchmark(BenchOptions options, FleetHome home, PhaseRunner phases)
{
    public const string Section = "sockets";
    public const string Fleet = "Fleet";
    public const string Bare = "bare Kestrel, an echo";

    /// <summary>How many of them speak each second.</summary>
    public const int Speakers = 50;

    /// <summary>Until what was allocated at the beginning is gone.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private string[] Names { get; } = [.. Enumerable.Range(1, options.Sockets).Select(n => $"bench-s-{n:D4}")];

    public async Task Run()
    {
        using var door = new AgentDoor(home.Edge, home.AdminKey);
        await using var agents = new AgentsTable(home.Postgres);
        var tokens = new string[Names.Length];
        await phases.Run("prepare", "agents are enrolled", async stop =>
        {
            await Together((n, cancel) => Enrol(door, tokens, n, cancel), stop);
            return [];
        });
        await phases.Run(Section, Fleet, async stop =>
        {
            var since = await agents.Now(stop);
            return await Measure(
                home.Edge, tokens, home.Processes, "control",
                async cancel =>
                {
                    while (await agents.Online(Names, since, cancel) < Names.Length)
                        await Task.Delay(200, cancel);
                },
                stop);
        });
        await phases.Run(Section, Bare, async stop =>
        {
            await using var bare = await WatchedBareSocket.Start(stop);
            var pid = bare.Pid;
            return await Measure(
                bare.Address, tokens, () => new Dictionary<string, int> { [WatchedBareSocket.Role] = pid }, WatchedBareSocket.Role,
                _ => Task.CompletedTask, stop);
        });
        await phases.Run("clean up", "agents are removed", async stop =>
        {
            await Together((n, cancel) => new ValueTask(door.Remove(Names[n], cancel)), stop);
            return [];
        });
    }

    /// <param name="carrier">The process whose memory counts.</param>
    /// <param name="arrived">Returns when all of them are let in.</param>
    private async Task<Dictionary<string, double>> Measure(
        Uri server, string[] tokens, Func<IReadOnlyDictionary<string, int>> processes, string carrier,
        Func<CancellationToken, Task> arrived, CancellationToken stop)
    {
        var meter = new ProcessMeter(processes);
        var before = Memory(meter, carrier);
        var clients = tokens.Select((token, n) => new SocketClient(Names[n], token)).ToArray();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var latencies = new Latencies();
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            await Together(async (n, cancel) => await clients[n].Connect(server, cancel), stop);
            var lives = Task.WhenAll(clients.Select((client, n) => client.Live(n < Speakers ? latencies : null, over.Token)));
            await arrived(stop);
            var figures = new Dictionary<string, double>
            {
                ["arrival_s"] = System.Diagnostics.Stopwatch.GetElapsedTime(since).TotalSeconds,
            };
            await Task.Delay(Settling, stop);
            await using (var watch = new UseWatch(meter))
            {
                await Task.WhenAny(lives, Task.Delay(TimeSpan.FromSeconds(options.Seconds), stop));
                await watch.AddTo(figures);
            }

            figures["memory_per_connection_kb"] = (Memory(meter, carrier) - before) / 1e3 / clients.Length;
            figures["lost"] = lives.IsCompleted ? 1 : 0;
            latencies.AddTo(figures, "answer");
            await over.CancelAsync();
            await lives;
            return figures;
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    private async ValueTask Enrol(AgentDoor door, string[] tokens, int n, CancellationToken stop) =>
        tokens[n] = await door.Enrol(Names[n], stop);

    private static double Memory(ProcessMeter meter, string carrier) =>
        meter.Memory().Where(process => Roles.Of(process.Key) == carrier).Sum(process => process.Value);

    private Task Together(Func<int, CancellationToken, ValueTask> work, CancellationToken stop) => Parallel.ForAsync(
        0, Names.Length, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = stop }, work);
}
