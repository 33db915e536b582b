namespace Fleet.Chaos.Oracle;

/// <summary>One promise, and whether it was kept.</summary>
/// <param name="Figure">What was counted.</param>
/// <param name="Violations">A sentence each; none when it was kept.</param>
internal sealed record Check(string Promise, string Figure, IReadOnlyList<string> Violations)
{
    public bool Holds => Violations.Count == 0;
}
