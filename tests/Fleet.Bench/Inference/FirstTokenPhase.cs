using Fleet.Bench.Measuring;

namespace Fleet.Bench.Inference;

/// <summary>
/// So many callers at once, each of whom asks anew as soon as it has its answer, of an upstream that takes as long as a
/// quick model does.
/// </summary>
internal sealed class FirstTokenPhase(EchoControl echo, ProcessMeter meter)
{
    public const int Words = 25;

    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan Word = TimeSpan.FromMilliseconds(20);

    public async Task<Dictionary<string, double>> Run(ModelDoor door, int callers, int calls, CancellationToken stop)
    {
        await echo.Behave(Words, First, Word, stop);
        var (first, whole) = (new Latencies(), new Latencies());
        var figures = new Dictionary<string, double> { ["calls"] = calls };
        await using var use = new UseWatch(meter);
        var left = calls;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async number =>
        {
            await Task.Delay((First + Words * Word) * number / callers, stop); // callers know nothing of each other
            while (Interlocked.Decrement(ref left) >= 0)
                await Ask();
        }));
        first.AddTo(figures, "first");
        whole.AddTo(figures, "whole");
        await use.AddTo(figures);
        return figures;

        async Task Ask()
        {
            var checker = new AnswerChecker(AnswerChecker.Counted(Words));
            await door.Chat(checker, stop);
            if (checker.Fault is { } fault)
                throw new InvalidDataException(fault);
            first.Add(checker.FirstPiece!.Value.TotalMilliseconds);
            whole.Add(checker.Whole.TotalMilliseconds);
        }
    }
}
