using Fleet.Bench.Phases;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of jobs beside the references.</summary>
internal static class JobTables
{
    public static Column[] Memory =>
    [
        new("edge", "memory_edge_mb"),
        new("control", "memory_control_mb"),
        new("worker", "memory_worker_mb"),
        new("rabbitmq", "memory_rabbitmq_mb"),
        new("postgres", "memory_postgres_mb"),
        new("this program", "memory_bench_mb"),
    ];

    public static Column[] Latency =>
    [
        new("answer p50", "submit_p50_ms", "F1"),
        new("p99", "submit_p99_ms", "F1"),
        new("done, as seen p50", "done_p50_ms", "F1"),
        new("p99", "done_p99_ms", "F1"),
        new("max", "done_max_ms", "F1"),
        new("done, by its stamp p50", "stamped_p50_ms", "F1"),
        new("p99", "stamped_p99_ms", "F1"),
    ];

    private static Column[] Throughput =>
    [
        new("completed/s", "completed_per_s"),
        new("lowest–highest", "completed_per_s", Range: true),
        new("submitted/s", "submitted_per_s"),
        new("answer p50 ms", "submit_p50_ms", "F1"),
        new("answer p99 ms", "submit_p99_ms", "F1"),
        new("CPU ms a job", "cpu_product_ms", "F3"),
    ];

    private static Column[] Cpu =>
    [
        new("product", "cpu_product_ms", "F3"),
        new("edge", "cpu_edge_ms", "F3"),
        new("control", "cpu_control_ms", "F3"),
        new("worker", "cpu_worker_ms", "F3"),
        new("rabbitmq", "cpu_rabbitmq_ms", "F3"),
        new("postgres", "cpu_postgres_ms", "F3"),
        new("this program", "cpu_bench_ms", "F3"),
        new("strangers", "cpu_strangers_ms", "F3"),
    ];

    private static Column[] Drain =>
    [
        new("jobs/s, first assignment to last end", "drained_per_s"),
        new("s from the agent's start to last end", "from_start_s", "F2"),
    ];

    private static Column[] Rows =>
    [
        new("inserted", "inserted"),
        new("deleted", "deleted"),
        new("updated", "updated"),
        new("of it in place (HOT)", "updated_in_place"),
        new("%", "updated_in_place_percent", "F1"),
    ];

    private static Column[] Way =>
    [
        new("messages published", "messages_published", "F2"),
        new("delivered", "messages_delivered", "F2"),
        new("statements", "statements", "F2"),
        new("transactions", "transactions", "F2"),
        new("rows written", "rows_written", "F1"),
        new("WAL bytes", "wal_bytes"),
        .. Cpu.Where(column => column.Title != "strangers"),
    ];

    public static IEnumerable<Table> For(BenchOptions options)
    {
        var load = $"{options.Jobs:N0} no-op jobs, {options.InFlight} requests in flight";
        var single = $"{load}, one a request";
        var lists = $"{load}, {options.ListSize} a request";
        var pace = $"{options.PacedPerSecond} jobs/s for {options.PacedSeconds} s";
        yield return new(JobsBenchmark.Single, $"Throughput: {single}", Throughput);
        yield return new(JobsBenchmark.Lists, $"Throughput: {lists}", Throughput);
        yield return new(JobsBenchmark.Single, $"CPU, ms a job: {single}", Cpu);
        yield return new(JobsBenchmark.Lists, $"CPU, ms a job: {lists}", Cpu);
        yield return new(JobsBenchmark.Single, "Memory after that, MB (proportional share)", Memory);
        yield return new(JobsBenchmark.Latency, $"Latency, ms: {pace}", Latency);
        yield return new(JobsBenchmark.Drain, $"Drain: {options.DrainJobs:N0} waiting jobs, one fresh agent", Drain);
        yield return new(JobsBenchmark.Rows, "Rows of all these jobs, moved from table to table and updated in place", Rows);
        yield return new(JobsBenchmark.Way, "The way of one job: what it costs broker and database, and CPU in ms", Way);
    }
}
