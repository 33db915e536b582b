using Fleet.Bench.Turns;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of turns.</summary>
internal static class TurnTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var asked = $"Turns: first token, {options.Callers:N0} at once, {options.Calls:N0} in all, ms";
        var watched = $"Turns: {options.Watchers:N0} watchers of {options.Turns:N0} answers, {WatchPhase.PerSecond} words a second";
        yield return new(TurnsBenchmark.FirstToken, asked,
        [
            new("first token p50", "first_p50_ms", "F1"),
            new("p99", "first_p99_ms", "F1"),
            new("max", "first_max_ms", "F1"),
            new("whole answer p50", "whole_p50_ms", "F1"),
            new("p99", "whole_p99_ms", "F1"),
        ]);
        yield return new(TurnsBenchmark.Long, "Turns: a conversation that grows, p50 ms",
        [
            new("first token", "first_p50_ms", "F1"),
            new("whole answer", "whole_p50_ms", "F1"),
            new("page of its turns", "history_p50_ms", "F1"),
            new("page of conversations", "list_p50_ms", "F1"),
        ]);
        yield return new(TurnsBenchmark.Watchers, watched,
        [
            new("deliveries", "deliveries"),
            new("per core and second", "deliveries_per_core_s"),
            new("words a delivery", "words_per_delivery", "F2"),
            new("kB a watcher", "memory_per_watcher_kb", "F1"),
            new("wrong", "gaps"),
        ]);
    }
}
