using Fleet.Bench.Schedules;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of schedules.</summary>
internal static class ScheduleTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var what = $"{options.Schedules:N0} schedules of one minute, {options.Seconds} s";
        yield return new(SchedulesBenchmark.Section, $"Schedules: {what}, ms",
        [
            new("due", "due"),
            new("missed", "missed"),
            new("doubles", "doubles"),
            new("late p50", "late_p50_ms"),
            new("p99", "late_p99_ms"),
            new("max", "late_max_ms"),
            new("job done p50", "done_p50_ms"),
            new("p99", "done_p99_ms"),
            new("list p50", "list_p50_ms", "F1"),
            new("p99", "list_p99_ms", "F1"),
            new("show p50", "show_p50_ms", "F1"),
            new("p99", "show_p99_ms", "F1"),
        ]);
        yield return new(SchedulesBenchmark.Section, $"Schedules: {what}, CPU, % of one core",
        [
            new("control", "cpu_control_percent", "F1"),
            new("postgres", "cpu_postgres_percent", "F1"),
            new("bare quartz", "cpu_quartz_percent", "F1"),
            new("rabbitmq", "cpu_rabbitmq_percent", "F1"),
            new("worker", "cpu_worker_percent", "F1"),
            new("edge", "cpu_edge_percent", "F1"),
            new("this program", "cpu_bench_percent", "F1"),
            new("strangers", "cpu_strangers_percent", "F1"),
            new("load at the end", "load", "F1"),
        ]);
    }
}
