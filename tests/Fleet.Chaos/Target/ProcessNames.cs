namespace Fleet.Chaos.Target;

/// <summary>What the scripts call the fleet's processes.</summary>
internal sealed class ProcessNames(ChaosOptions options)
{
    public IReadOnlyList<string> Controls { get; } = Numbered("control", options.Controls);

    public IReadOnlyList<string> Edges { get; } = Numbered("edge", options.Edges);

    public IReadOnlyList<string> Workers { get; } = Numbered("worker", options.Workers);

    public IReadOnlyList<string> All => [.. Controls, .. Edges, .. Workers, "rabbitmq", "postgres"];

    private static string[] Numbered(string kind, int count) =>
        [.. Enumerable.Range(1, count).Select(number => $"{kind}-{number}")];
}
