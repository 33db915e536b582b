using System.Diagnostics;
using Fleet.Bench.Inference;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Turns;

/// <summary>
/// One conversation that grows: how long its latest turns took, and the pages that show it. From the twenty-first turn on the
/// model is told of as much as of the two hundredth.
/// </summary>
internal sealed class LongConversationPhase(EchoControl echo, TurnDoor door)
{
    public const int Measured = 10;

    private const int Words = 25;
    private const int Looks = 5;

    private string? _conversation;
    private int _turns;

    /// <param name="turns">Questions are asked up to this one; the last of them are measured.</param>
    public async Task<Dictionary<string, double>> Run(int turns, CancellationToken stop)
    {
        await echo.Behave(Words, TimeSpan.Zero, TimeSpan.Zero, stop);
        _conversation ??= await door.Begin(stop);
        var (first, whole, history, list) = (new Latencies(), new Latencies(), new Latencies(), new Latencies());
        while (_turns < turns)
        {
            var counts = ++_turns > turns - Measured;
            await Ask(counts ? first : new Latencies(), counts ? whole : new Latencies(), stop);
        }

        for (var look = 0; look < Looks; look++)
        {
            await Read($"/v1/conversations/{_conversation}/turns", history, stop);
            await Read("/v1/conversations", list, stop);
        }

        var figures = new Dictionary<string, double>();
        first.AddTo(figures, "first");
        whole.AddTo(figures, "whole");
        history.AddTo(figures, "history");
        list.AddTo(figures, "list");
        return figures;
    }

    private async Task Ask(Latencies first, Latencies whole, CancellationToken stop)
    {
        var asked = Stopwatch.GetTimestamp();
        var answer = new AnswerText(AnswerChecker.Counted(Words));
        await using var events = await door.Watch(await door.Ask(_conversation!, stop), stop);
        await EventReader.Read(events, answer, () => first.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds), stop);
        whole.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
    }

    private async Task Read(string path, Latencies times, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        await door.Read(path, stop);
        times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }
}
