using System.Globalization;

namespace Fleet.Bench.Logs;

/// <summary>One way to watch one log.</summary>
/// <param name="Readers">Watchers that read as fast as they can.</param>
/// <param name="Stalled">Whether one more opens the stream, reads nothing until the others are done, then everything.</param>
/// <param name="LineBytes">Bytes of a line with its number and line end; 0 means the number alone.</param>
internal sealed record LogScenario(int Readers, bool Stalled, int LineBytes)
{
    /// <summary>Time in which the watchers come before the first line is written.</summary>
    private const int SecondsBeforeStart = 2;

    public string Name =>
        $"{Readers} reading{(Stalled ? " + 1 stalled" : "")}, {(LineBytes == 0 ? "numbers only" : $"{LineBytes} bytes a line")}";

    public string Script(int lines)
    {
        var write = LineBytes == 0
            ? $"seq 1 {lines}"
            : $"awk 'BEGIN {{ for (i = 1; i <= {lines}; i++) printf \"%08d %s\\n\", i, \"{new string('x', LineBytes - 10)}\" }}'";
        return string.Create(
            CultureInfo.InvariantCulture, $"sleep {SecondsBeforeStart}\ndate +'start %s.%N'\n{write}\n");
    }
}
