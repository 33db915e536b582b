using System.Text.Json;
using Fleet.Chaos.Faults;
using Fleet.Chaos.Oracle;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Output;

/// <summary>What a run found, for people and as JSON.</summary>
internal sealed record Report(
    ChaosOptions Options,
    IReadOnlyList<FaultRecord> Faults,
    IReadOnlyList<Check> Checks,
    IReadOnlyDictionary<string, int> EndedByThemselves)
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
        RecoveryTable.Write(Faults, to);
        to.WriteLine();
        to.WriteLine($"Messages that arrived twice: {links.All.Sum(relay => relay.Duplicated)}, "
            + $"in another order: {links.All.Sum(relay => relay.Shuffled)}");
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

    private static string Words(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(count => $"{count.Key} {count.Value} times"));
}
