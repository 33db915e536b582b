using Fleet.Bench.Measuring;
using Fleet.Bench.Output;

namespace Fleet.Bench.Inference;

/// <summary>Many long answers at once, each word of which is looked at.</summary>
internal sealed class StreamsPhase(EchoControl echo, ProcessMeter meter)
{
    public const int PerSecond = 50;

    public async Task<Dictionary<string, double>> Run(ModelDoor door, int streams, int words, CancellationToken stop)
    {
        await echo.Behave(words, FirstTokenPhase.First, TimeSpan.FromSeconds(1) / PerSecond, stop);
        var text = AnswerChecker.Counted(words);
        var answers = Enumerable.Range(0, streams).Select(_ => new AnswerChecker(text)).ToList();
        await using var use = new UseWatch(meter);
        await Task.WhenAll(answers.Select(answer => Task.Run(() => door.Chat(answer, stop), stop)));
        var (first, whole) = (new Latencies(), new Latencies());
        foreach (var answer in answers)
        {
            first.Add(answer.FirstPiece?.TotalMilliseconds ?? 0);
            whole.Add(answer.Whole.TotalMilliseconds);
        }

        foreach (var fault in answers.Select(answer => answer.Fault).OfType<string>().Distinct().Take(5))
            Progress.Say($"  {fault}");
        var figures = new Dictionary<string, double>
        {
            ["streams"] = streams,
            ["gaps"] = answers.Count(answer => answer.Fault is not null),
            ["tokens_per_s"] = streams * words / answers.Max(answer => answer.Whole).TotalSeconds,
            ["tokens_per_piece"] = (double)streams * words / Math.Max(1, answers.Sum(answer => answer.Pieces)),
        };
        first.AddTo(figures, "first");
        whole.AddTo(figures, "whole");
        await use.AddTo(figures);
        return figures;
    }
}
