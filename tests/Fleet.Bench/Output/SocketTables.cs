using Fleet.Bench.Sockets;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of agents on sockets.</summary>
internal static class SocketTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var what = $"{options.Sockets:N0} agents on sockets, {SocketsBenchmark.Speakers} of which speak each second, {options.Seconds} s";
        yield return new(SocketsBenchmark.Section, $"Sockets: {what}",
        [
            new("kB a connection", "memory_per_connection_kb", "F1"),
            new("all are there after s", "arrival_s", "F1"),
            new("answer p50 ms", "answer_p50_ms", "F1"),
            new("p99", "answer_p99_ms", "F1"),
            new("max", "answer_max_ms", "F1"),
            new("lost", "lost"),
        ]);
        yield return new(SocketsBenchmark.Section, $"Sockets: {what}, CPU, % of one core",
        [
            new("control", "cpu_control_percent", "F1"),
            new("edge", "cpu_edge_percent", "F1"),
            new("postgres", "cpu_postgres_percent", "F1"),
            new("rabbitmq", "cpu_rabbitmq_percent", "F1"),
            new("bare", "cpu_bare_percent", "F1"),
            new("this program", "cpu_bench_percent", "F1"),
            new("strangers", "cpu_strangers_percent", "F1"),
            new("load at the end", "load", "F1"),
        ]);
    }
}
