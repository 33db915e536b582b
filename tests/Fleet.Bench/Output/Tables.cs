using Fleet.Bench.Agents;
using Fleet.Bench.History;
using Fleet.Bench.Logs;
using Fleet.Bench.Rescue;
using Fleet.Bench.Retention;

namespace Fleet.Bench.Output;

/// <summary>What the report shows, in this order.</summary>
internal static class Tables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var pace = $"{options.PacedPerSecond} jobs/s for {options.PacedSeconds} s";
        var lines = $"{options.Lines:N0} lines (long ones at least {LogsBenchmark.FewestLongLines:N0})";
        foreach (var table in JobTables.For(options))
            yield return table;
        yield return new(RescueBenchmark.Section, "Rescue: the end of an agent until its work is queued again, ms", Rescue);
        var removal = $"Retention: {options.Removed:N0} jobs with journal and artifacts, {pace} meanwhile";
        yield return new(RetentionBenchmark.Section, removal, Retention);
        yield return new(RetentionBenchmark.Sizes, "Retention: tables with indexes, MB", RetentionSizes);
        var agents = $"{options.Agents:N0} simulated agents";
        yield return new(AgentsBenchmark.Section, $"{agents}: CPU, % of one core", AgentsCpu);
        yield return new(AgentsBenchmark.Section, $"{agents}: memory, MB (proportional share)", JobTables.Memory);
        yield return new(AgentsBenchmark.Section, $"{agents}: how they come, and jobs meanwhile", AgentsComing);
        yield return new(HistoryBenchmark.Lists, "History: lists and pages, p50 ms", HistoryLists("p50"));
        yield return new(HistoryBenchmark.Lists, "History: lists and pages, p99 ms", HistoryLists("p99"));
        yield return new(HistoryBenchmark.Work, $"History: {pace}, ms", HistoryWork);
        yield return new(HistoryBenchmark.Searches, "History: searches, page after page", HistorySearches);
        Table[] others =
        [
            .. InferenceTables.For(options), .. TurnTables.For(options), .. ScheduleTables.For(options), .. SocketTables.For(options),
            .. FloodTables.For(options), .. ConsoleTables.For(options), .. ExecutionTables.For(options),
            .. PacketTables.For(options), .. PressureTables.For(options),
        ];
        foreach (var table in others)
            yield return table;
        yield return new(LogsBenchmark.Section, $"Logs: one job, {lines}, and who watches it", Logs);
    }

    private static Column[] HistoryLists(string rank) =>
    [
        new("little: jobs", "little_jobs"),
        new("much: jobs", "much_jobs"),
        .. HistoryQuestions.Names.Select(name => new Column(name, $"{name}_{rank}_ms", "F1")),
    ];

    private static Column[] HistoryWork => [.. JobTables.Latency, new("beat late by p50", "beat_late_p50_ms"), new("max", "beat_late_max_ms")];

    private static Column[] HistorySearches =>
    [
        new("pages", "pages"),
        new("found", "found"),
        new("page p50 ms", "page_p50_ms"),
        new("max", "page_max_ms"),
    ];

    private static Column[] Rescue =>
    [
        new("tries", "tries"),
        new("p50", "queued_p50_ms"),
        new("p99", "queued_p99_ms"),
        new("max", "queued_max_ms"),
    ];

    private static Column[] Retention =>
    [
        new("answer p50", "submit_p50_ms", "F1"),
        new("p99", "submit_p99_ms", "F1"),
        new("done, as seen p50", "done_p50_ms", "F1"),
        new("p99", "done_p99_ms", "F1"),
        new("s until all are gone", "removal_s", "F1"),
        new("jobs/s", "removed_per_s"),
    ];

    private static Column[] RetentionSizes =>
    [
        new("work", "work_mb"),
        new("its ends", "work_ended_mb"),
        new("journal", "journal_mb"),
        new("artifacts", "artifacts_mb"),
        new("chunks", "artifact_chunks_mb"),
    ];

    private static Column[] AgentsCpu =>
    [
        new("control", "cpu_control_percent", "F1"),
        new("peak", "cpu_control_peak_percent"),
        new("rabbitmq", "cpu_rabbitmq_percent", "F1"),
        new("postgres", "cpu_postgres_percent", "F1"),
        new("edge", "cpu_edge_percent", "F1"),
        new("this program", "cpu_bench_percent", "F1"),
        new("strangers", "cpu_strangers_percent", "F1"),
        new("load at the end", "load", "F1"),
    ];

    private static Column[] AgentsComing =>
    [
        new("broker back s", "broker_s", "F1"),
        new("first s", "first_s", "F1"),
        new("half s", "half_s", "F1"),
        new("all s", "all_s", "F1"),
        new("registrations tried", "asked"),
        new("answered", "let_in"),
        new("jobs", "jobs"),
        new("refused", "refused"),
        new("done", "succeeded"),
        new("leases lost", "leases_lost"),
        new("not accepted in time", "not_accepted"),
        new("done p50 ms", "done_p50_ms", "F1"),
        new("p99 ms", "done_p99_ms", "F1"),
    ];

    private static Column[] Logs =>
    [
        new("stored lines/s", "stored_per_s"),
        new("delivered lines/s", "delivered_per_s"),
        new("all read, s", "read_last_s", "F2"),
        new("lines an event", "lines_per_event"),
        new("gaps", "gaps"),
        new("doubles", "duplicates"),
        new("reconnects", "reconnects"),
        new("stalled catches up, s", "stalled_catches_up_s", "F2"),
        new("CPU ms a 1,000 lines: control", "cpu_control_ms", "F2"),
        new("product", "cpu_product_ms", "F2"),
        new("control MB before", "memory_control_before_mb"),
        new("peak", "memory_control_peak_mb"),
        new("after", "memory_control_after_mb"),
    ];
}
