using Fleet.Bench.Packets;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of the binary socket.</summary>
internal static class PacketTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        yield return new(PacketsBenchmark.Section, $"Packets: {PacketCaller.InFlight} requests in flight on each connection",
        [
            new("answers/s", "per_s", "N0"),
            new("p50 ms", "answer_p50_ms", "F2"),
            new("p99", "answer_p99_ms", "F2"),
            new("max", "answer_max_ms", "F1"),
        ]);
        yield return new(PacketsBenchmark.Series, $"Packets: a series of {options.Points:N0} points, 10,000 a request",
        [
            new("written/s", "written_per_s", "N0"),
            new("read p50 ms", "read_p50_ms", "F1"),
            new("max", "read_max_ms", "F1"),
        ]);
    }
}
