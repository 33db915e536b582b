using Fleet.Bench.Measuring;

namespace Fleet.Bench.Schedules;

/// <summary>How late due times were, and how many were missed or acted on twice.</summary>
internal static class Punctuality
{
    public static void AddTo(Dictionary<string, double> figures, IReadOnlyCollection<Fire> fires, int due)
    {
        var late = new Latencies();
        foreach (var fire in fires)
            late.Add(fire.LatenessMs);
        late.AddTo(figures, "late");
        var done = new Latencies();
        foreach (var end in fires.Select(fire => fire.DoneMs).OfType<double>())
            done.Add(end);
        done.AddTo(figures, "done");
        var different = fires.Select(fire => (fire.Of, fire.DueMs)).Distinct().Count();
        figures["due"] = due;
        figures["missed"] = due - different;
        figures["doubles"] = fires.Count - different;
    }
}
