using Fleet.Bench.Pressure;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of work beside a transaction that stays open.</summary>
internal static class PressureTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        yield return new(PressureBenchmark.Peak, $"Pressure: the peak, {options.Jobs:N0} no-op jobs one a request",
        [
            new("completed/s", "completed_per_s"),
        ]);
        yield return new(PressureBenchmark.Section, $"Pressure: half of that for {options.Seconds} s each, beside a transaction held open",
        [
            new("wanted/s", "wanted_per_s"),
            new("completed/s", "completed_per_s"),
            new("done, by its stamp p50 ms", "stamped_p50_ms", "F1"),
            new("p99", "stamped_p99_ms", "F1"),
            new("MB: waiting", "work_waiting_mb", "F1"),
            new("indexes", "work_waiting_indexes_mb", "F1"),
            new("in hand", "work_in_hand_mb", "F1"),
            new("indexes", "work_in_hand_indexes_mb", "F1"),
            new("outbox", "outbox_mb", "F1"),
            new("indexes", "outbox_indexes_mb", "F1"),
        ]);
    }
}
