using Fleet.Bench.Executions;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of executions.</summary>
internal static class ExecutionTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        yield return new(ExecutionsBenchmark.Section, $"Executions: {options.FanOut:N0} jobs on as many agents that are off",
        [
            new("all queued after s", "seconds", "F2"),
            new("jobs/s", "per_second"),
            new("control ms a job", "cpu_control_ms", "F2"),
            new("edge", "cpu_edge_ms", "F2"),
            new("postgres", "cpu_postgres_ms", "F2"),
            new("rabbitmq", "cpu_rabbitmq_ms", "F2"),
            new("strangers", "cpu_strangers_ms", "F2"),
        ]);
    }
}
