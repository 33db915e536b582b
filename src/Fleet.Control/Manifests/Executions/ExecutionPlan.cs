using Fleet.Contracts.Jobs;

namespace Fleet.Control.Manifests.Executions;

/// <summary>What an execution is going to do, before it is there.</summary>
/// <param name="Waves">Names of agents by wave.</param>
internal sealed record ExecutionPlan(
    string Manifest,
    string ManifestVersion,
    int Revision,
    bool NeedsApproval,
    CommandSpec Spec,
    ExecutionTerms Terms,
    IReadOnlyList<IReadOnlyList<string>> Waves,
    IReadOnlyList<LeftOut> LeftOut)
{
    public IEnumerable<string> Agents => Waves.SelectMany(wave => wave);

    public int Hosts => Waves.Sum(wave => wave.Count);

    /// <summary>The schedule that starts it, by name.</summary>
    public string? Schedule { get; init; }

    public Guid? RerunOf { get; init; }

    /// <summary>The key that posted the revision; null where it was not kept.</summary>
    public Guid? Author { get; init; }
}

/// <summary>Which agents are in which wave: each in the first that names it.</summary>
internal static class Waves
{
    /// <param name="agents">In the order in which waves without a group take them.</param>
    public static (List<IReadOnlyList<string>> Waves, List<double> Delays) Of(
        IReadOnlyList<string> agents, IReadOnlyList<WaveRequest>? waves, IReadOnlyDictionary<string, string[]> groups)
    {
        if (waves is null or { Count: 0 })
            return ([agents], [0]);
        var left = agents.ToList();
        var made = new List<IReadOnlyList<string>>();
        foreach (var wave in waves)
        {
            List<string> members = wave switch
            {
                { Group: { } group } => [.. left.Where((groups.GetValueOrDefault(group) ?? []).ToHashSet().Contains)],
                { Hosts: { } hosts } => [.. left.Take(hosts)],
                _ => [.. left.Take((int)Math.Ceiling(agents.Count * wave.Share!.Value))],
            };
            made.Add(members);
            left = [.. left.Except(members)];
        }

        var delays = waves.Select(wave => (double)wave.DelayS).ToList();
        if (left.Count > 0)
        {
            made.Add(left);
            delays.Add(delays[^1]);
        }

        return (made, delays);
    }
}
