namespace Fleet.Bench.Logs;

/// <summary>One way to watch one log.</summary>
/// <param name="Readers">Watchers that read as fast as they can.</param>
/// <param name="Stalled">Whether one more opens the stream and reads nothing until the others are done.</param>
/// <param name="LineBytes">Bytes of a line with its number and line end; 0 means the number alone.</param>
internal sealed record LogScenario(int Readers, bool Stalled, int LineBytes)
{
    /// <summary>Time in which the watchers come before the first line is written.</summary>
    private const int SecondsBeforeStart = 2;

    public string Name => $"{Readers} reading{(Stalled ? " + 1 stalled" : "")}, {Lines}";

    private string Lines => LineBytes == 0 ? "numbers only" : $"{LineBytes} bytes a line";

    public string Script(int lines)
    {
        var filler = new string('x', Math.Max(0, LineBytes - 10)); // number, space and line end are 10
        var write = LineBytes == 0
            ? $"seq 1 {lines}"
            : $$"""awk 'BEGIN { for (i = 1; i <= {{lines}}; i++) printf "%08d %s\n", i, "{{filler}}" }'""";
        return $"sleep {SecondsBeforeStart}\ndate +'start %s.%N'\n{write}\n";
    }
}
