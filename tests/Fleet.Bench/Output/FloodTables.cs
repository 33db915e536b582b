using Fleet.Bench.Flood;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of an agent that floods.</summary>
internal static class FloodTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var what = $"{options.PacedPerSecond} jobs/s of the others for {options.Seconds} s";
        yield return new(FloodBenchmark.Section, $"Flood of one agent: {what}",
        [
            new("answer p50 ms", "submit_p50_ms", "F1"),
            new("p99", "submit_p99_ms", "F1"),
            new("done, as seen p50", "done_p50_ms", "F1"),
            new("p99", "done_p99_ms", "F1"),
            new("max", "done_max_ms", "F1"),
            new("leases lost", "leases_lost"),
            new("not accepted in time", "not_accepted"),
            new("messages said", "said"),
            new("let in", "let_in"),
        ]);
        yield return new(FloodBenchmark.Section, $"Flood of one agent: {what}, CPU, % of one core",
        [
            new("control", "cpu_control_percent", "F1"),
            new("rabbitmq", "cpu_rabbitmq_percent", "F1"),
            new("postgres", "cpu_postgres_percent", "F1"),
            new("worker", "cpu_worker_percent", "F1"),
            new("this program", "cpu_bench_percent", "F1"),
            new("strangers", "cpu_strangers_percent", "F1"),
            new("load at the end", "load", "F1"),
        ]);
        yield return new(FloodBenchmark.Section, "Flood of one agent: memory at the end, MB (proportional share)",
        [
            new("control", "memory_control_mb"),
            new("rabbitmq", "memory_rabbitmq_mb"),
            new("worker", "memory_worker_mb"),
        ]);
    }
}
