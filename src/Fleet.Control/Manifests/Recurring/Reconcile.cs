namespace Fleet.Control.Manifests.Recurring;

/// <summary>Which agents are due, by what became of them so far. Only a success counts; a failure is tried again.</summary>
internal static class Reconcile
{
    /// <param name="target">The agents that the schedule means at present, with what is known of each.</param>
    /// <param name="version">The manifest's present one.</param>
    public static IReadOnlyList<string> Due(ReconcileWhen when, IReadOnlyList<AgentRecord> target, string version, DateTimeOffset now)
    {
        if (!when.PerTarget)
            return [.. target.Where(agent => !agent.IsUnderWay && !IsDone(when, agent, version, now)).Select(agent => agent.Agent)];
        return target.Any(agent => agent.IsUnderWay || IsDone(when, agent, version, now))
            ? []
            : [.. target.Select(agent => agent.Agent)];
    }

    private static bool IsDone(ReconcileWhen when, AgentRecord agent, string version, DateTimeOffset now) =>
        agent.SucceededAt is { } at
        && (!when.IsOncePerVersion || agent.SucceededVersion == version)
        && !(now - at >= when.Every);
}

/// <summary>What is known of an agent and a manifest.</summary>
/// <param name="SucceededAt">The end of its newest success; null if it has none.</param>
/// <param name="IsUnderWay">The schedule has a run on it that is not over.</param>
internal sealed record AgentRecord(string Agent, DateTimeOffset? SucceededAt, string? SucceededVersion, bool IsUnderWay);
