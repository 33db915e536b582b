using System.Diagnostics;
using Fleet.Bench.Inference;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Turns;

/// <summary>
/// So many conversations at once, each of which asks its next question when it has its answer, of an upstream that takes as
/// long as a quick model does.
/// </summary>
internal sealed class AskPhase(EchoControl echo, TurnDoor door, ProcessMeter meter)
{
    public async Task<Dictionary<string, double>> Run(int callers, int turns, CancellationToken stop)
    {
        await echo.Behave(FirstTokenPhase.Words, FirstTokenPhase.First, FirstTokenPhase.Word, stop);
        var conversations = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => door.Begin(stop)));
        var (first, whole, left) = (new Latencies(), new Latencies(), turns);
        var figures = new Dictionary<string, double> { ["turns"] = turns };
        await using var use = new UseWatch(meter);
        await Task.WhenAll(conversations.Select(async (conversation, number) =>
        {
            var answer = FirstTokenPhase.First + FirstTokenPhase.Words * FirstTokenPhase.Word;
            await Task.Delay(answer * number / callers, stop); // they know nothing of each other
            while (Interlocked.Decrement(ref left) >= 0)
                await Ask(conversation);
        }));
        first.AddTo(figures, "first");
        whole.AddTo(figures, "whole");
        await use.AddTo(figures);
        return figures;

        async Task Ask(string conversation)
        {
            var asked = Stopwatch.GetTimestamp();
            var answer = new AnswerText(AnswerChecker.Counted(FirstTokenPhase.Words));
            await using var events = await door.Watch(await door.Ask(conversation, stop), stop);
            await EventReader.Read(
                events, answer, () => first.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds), stop);
            whole.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            if (!answer.IsWhole)
                throw new InvalidDataException("The answer is not what the model said.");
        }
    }
}
