using Fleet.Bench.Inference;

namespace Fleet.Bench.Output;

/// <summary>What the report shows of model calls: a row for Fleet, and one for the upstream without it.</summary>
internal static class InferenceTables
{
    public static IEnumerable<Table> For(BenchOptions options)
    {
        var first = $"First token: {options.Callers:N0} calls at once, {options.Calls:N0} in all";
        var streams = $"Streams: {options.Streams:N0} answers of {options.Words:N0} words, {StreamsPhase.PerSecond} a second";
        var embeddings = $"Embeddings: {EmbeddingsPhase.Callers} calls at once";
        yield return new(InferenceBenchmark.FirstToken, $"{first}, ms", [.. Times, new("lowest–highest p50", "first_p50_ms", "F1", Range: true)]);
        yield return new(InferenceBenchmark.FirstToken, $"{first}: CPU, % of one core", Cpu);
        yield return new(InferenceBenchmark.Streams, streams, [.. Streams, .. Times]);
        yield return new(InferenceBenchmark.Streams, $"{streams}: CPU, % of one core", Cpu);
        yield return new(InferenceBenchmark.Embeddings, embeddings, Embeddings);
        yield return new(InferenceBenchmark.Embeddings, $"{embeddings}: CPU, % of one core", Cpu);
    }

    private static Column[] Times =>
    [
        new("first token p50", "first_p50_ms", "F1"),
        new("p99", "first_p99_ms", "F1"),
        new("max", "first_max_ms", "F1"),
        new("whole answer p50", "whole_p50_ms", "F1"),
        new("p99", "whole_p99_ms", "F1"),
    ];

    private static Column[] Streams =>
    [
        new("streams", "streams"),
        new("wrong", "gaps"),
        new("tokens/s", "tokens_per_s"),
        new("tokens a piece", "tokens_per_piece", "F2"),
    ];

    private static Column[] Embeddings =>
    [
        new("embeddings/s", "embeddings_per_s"),
        new("call p50 ms", "call_p50_ms", "F1"),
        new("p99", "call_p99_ms", "F1"),
    ];

    private static Column[] Cpu =>
    [
        new("edge", "cpu_edge_percent", "F1"),
        new("control", "cpu_control_percent", "F1"),
        new("worker", "cpu_worker_percent", "F1"),
        new("rabbitmq", "cpu_rabbitmq_percent", "F1"),
        new("postgres", "cpu_postgres_percent", "F1"),
        new("upstream", "cpu_echo_percent", "F1"),
        new("this program", "cpu_bench_percent", "F1"),
        new("strangers", "cpu_strangers_percent", "F1"),
    ];
}
