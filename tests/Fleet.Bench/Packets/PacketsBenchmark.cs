using System.Diagnostics;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Sockets;
using Fleet.Bench.Target;

namespace Fleet.Bench.Packets;

/// <summary>
/// The binary socket through the edge: requests a second for the state of the queue and for points of a metric, on one connection and on
/// many; beside them a bare echo of Kestrel. Then a long series, written in lists and read as its shape.
/// </summary>
internal sealed class PacketsBenchmark(BenchOptions options, FleetHome home, PhaseRunner phases)
{
    public const string Section = "packets";
    public const string Series = "series";
    public const int Many = 50;

    private const byte Status = 0x02;
    private const byte Metric = 0x0A;
    private const int ListSize = 10_000;
    private const int Reads = 20;
    private const int Writers = 4;

    private static readonly byte[] MetricBody = [4, .. "loss"u8, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0];

    private TimeSpan Time => TimeSpan.FromSeconds(Math.Min(10, options.Seconds));

    public async Task Run()
    {
        var (status, metric) = (PacketCaller.Request(home.AdminKey, Status), PacketCaller.Request(home.AdminKey, Metric, MetricBody));
        foreach (var connections in (int[])[1, Many])
        {
            await phases.Run(Section, Of("status", connections), stop => Ask(home.Edge, connections, status, isEcho: false, stop));
            await phases.Run(Section, Of("metric", connections), stop => Ask(home.Edge, connections, metric, isEcho: false, stop));
            await phases.Run(Section, Of("bare Kestrel, an echo", connections), async stop =>
            {
                await using var bare = await WatchedBareSocket.Start(stop);
                return await Ask(bare.Address, connections, status, isEcho: true, stop);
            });
        }

        await phases.Run(Series, $"{options.Points:N0} points", LongSeries);
    }

    private static string Of(string what, int connections) => $"{what}, {connections} connection{(connections == 1 ? "" : "s")}";

    private async Task<Dictionary<string, double>> Ask(
        Uri server, int connections, byte[] request, bool isEcho, CancellationToken stop)
    {
        var callers = Enumerable.Range(0, connections).Select(_ => new PacketCaller()).ToArray();
        try
        {
            foreach (var caller in callers)
                await caller.Connect(server, stop);
            await Count(callers, request, isEcho, new Latencies(), TimeSpan.FromSeconds(1), stop); // until it is warm
            var latencies = new Latencies();
            var figures = new Dictionary<string, double>
            {
                ["per_s"] = await Count(callers, request, isEcho, latencies, Time, stop),
            };
            latencies.AddTo(figures, "answer");
            return figures;
        }
        finally
        {
            foreach (var caller in callers)
                caller.Dispose();
        }
    }

    private static async Task<double> Count(
        PacketCaller[] callers, byte[] request, bool isEcho, Latencies latencies, TimeSpan time, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(time);
        var since = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.Ask(request, isEcho, latencies, over.Token), stop)));
        return answers.Sum() / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private async Task<Dictionary<string, double>> LongSeries(CancellationToken stop)
    {
        using var door = new RunDoor(home.Edge, home.AdminKey);
        var run = await door.Make(stop);
        var since = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0, options.Points / ListSize, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = stop },
            async (list, cancel) => await door.Add(run, "loss", list * ListSize, ListSize, cancel));
        var figures = new Dictionary<string, double>
        {
            ["written_per_s"] = options.Points / Stopwatch.GetElapsedTime(since).TotalSeconds,
        };
        var latencies = new Latencies();
        for (var i = 0; i < Reads; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            if (await door.Read(run, "loss", stop) != options.Points / ListSize * ListSize)
                throw new InvalidOperationException("The series does not have all of its points.");
            latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        latencies.AddTo(figures, "read");
        await door.Remove(stop);
        return figures;
    }
}
