using System.Text.Json;
using Fleet.Chaos.Faults;
using Fleet.Chaos.Oracle;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Output;

/// <summary>What a run found, for people and as JSON.</summary>
internal sealed record Report(
    ChaosOptions Options, IReadOnlyList<FaultRecord> Faults, IReadOnlyList<Check> Checks, IReadOnlyDictionary<string, int> EndedByThemselves)
{
    private const int MostShown = 12;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public bool AllHold => Checks.All(check => check.Holds);

    public void Write(TextWriter to, Links links)
    {
        to.WriteLine();
        to.WriteLine("Recovery, in seconds: from the begin and from the end of a fault until a job submitted then had succeeded");
        to.WriteLine($"{"",-18}{"times",6}{"begin p50",11}{"max",8}{"end p50",11}{"max",8}");
        foreach (var kind in Faults.Where(fault => fault.Skipped is null).GroupBy(fault => fault.Planned.Name).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            to.WriteLine(
                $"{kind.Key,-18}{kind.Count(),6}{Median(kind.Select(fault => fault.SinceBegin)),11}{Most(kind.Select(fault => fault.SinceBegin)),8}"
                + $"{Median(kind.Select(fault => fault.SinceEnd)),11}{Most(kind.Select(fault => fault.SinceEnd)),8}");
        }

        foreach (var skipped in Faults.Where(fault => fault.Skipped is not null))
            to.WriteLine($"{skipped.Planned.Name,-18} left out: {skipped.Skipped}");
        to.WriteLine();
        to.WriteLine($"Messages that arrived twice: {links.All.Sum(relay => relay.Duplicated)}, in another order: {links.All.Sum(relay => relay.Shuffled)}");
        to.WriteLine($"Processes that ended by themselves: {Words(EndedByThemselves)}");
        to.WriteLine();
        foreach (var check in Checks)
            Write(to, check);
        to.WriteLine(AllHold ? $"Everything held, seed {Options.Seed}." : $"NOT everything held, seed {Options.Seed}.");
    }

    public Task Save(string file) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(
        new { Options, Faults, Checks, EndedByThemselves, AllHold }, Json));

    private static void Write(TextWriter to, Check check)
    {
        to.WriteLine($"{(check.Holds ? "ok  " : "FAIL")} {check.Promise}: {check.Figure}");
        foreach (var violation in check.Violations.Take(MostShown))
            to.WriteLine($"       {violation}");
        if (check.Violations.Count > MostShown)
            to.WriteLine($"       … and {check.Violations.Count - MostShown} more");
    }

    private static string Median(IEnumerable<TimeSpan?> times)
    {
        var sorted = times.Order(Comparer<TimeSpan?>.Create(Compare)).ToList();
        return Text(sorted[sorted.Count / 2]);
    }

    private static string Most(IEnumerable<TimeSpan?> times) => Text(times.Max(Comparer<TimeSpan?>.Create(Compare)));

    /// <summary>What never recovered is longer than anything.</summary>
    private static int Compare(TimeSpan? left, TimeSpan? right) =>
        (left ?? TimeSpan.MaxValue).CompareTo(right ?? TimeSpan.MaxValue);

    private static string Text(TimeSpan? time) => time is { } known ? $"{known.TotalSeconds:0.0}" : "never";

    private static string Words(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(count => $"{count.Key} {count.Value} times"));
}
