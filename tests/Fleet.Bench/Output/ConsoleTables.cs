using Fleet.Bench.WebConsole;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of the web console.</summary>
internal static class ConsoleTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var what = $"{options.Pages:N0} open pages in one browser, {options.Seconds} s";
        yield return new(ConsoleBenchmark.Section, $"Console: {what}",
        [
            new("kB a page", "memory_per_page_kb", "F0"),
            new("log behind p50 ms", "behind_p50_ms", "F0"),
            new("p99", "behind_p99_ms", "F0"),
            new("tab p99 ms", "frame_p99_ms", "F0"),
            new("rows drawn", "rows_most"),
        ]);
        yield return new(ConsoleBenchmark.Section, $"Console: {what}, CPU, % of one core",
        [
            new("console", "cpu_console_percent", "F1"),
            new("control", "cpu_control_percent", "F1"),
            new("edge", "cpu_edge_percent", "F1"),
            new("postgres", "cpu_postgres_percent", "F1"),
            new("browser and this program", "cpu_bench_percent", "F1"),
            new("load at the end", "load", "F1"),
        ]);
    }
}
