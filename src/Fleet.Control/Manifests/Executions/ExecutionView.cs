using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Executions;

/// <summary>An execution as clients see it.</summary>
/// <param name="Waves">How many there are.</param>
/// <param name="Wave">How many have begun.</param>
/// <param name="WaveAt">When the next may begin; null when all have, and while it is not known.</param>
/// <param name="Counts">Of its agents, by what became of them.</param>
internal sealed record ExecutionView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid ExecutionId,
    string Manifest,
    string Version,
    int Revision,
    string State,
    string? Reason,
    string By,
    string? ApprovedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    int Waves,
    int Wave,
    DateTimeOffset? WaveAt,
    ExecutionCounts Counts,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? RerunOf,
    string? Schedule)
{
    /// <param name="running">Of its open jobs, those that have begun.</param>
    public static ExecutionView Of(Execution execution, int running) => new(
        execution.CorrelationId,
        execution.Manifest,
        execution.ManifestVersion,
        execution.Revision,
        execution.State,
        execution.Reason,
        execution.By,
        execution.ApprovedBy,
        execution.CreatedAt,
        execution.FinishedAt,
        ExecutionStart.TermsOf(execution).Delays.Count,
        execution.Wave,
        execution.WaveAt,
        ExecutionCounts.Of(execution, running),
        execution.RerunOf,
        execution.Schedule);
}

/// <param name="Total">All of the others together.</param>
internal sealed record ExecutionCounts(int Total, int Pending, int Running, int Ok, int Failed, int Skipped)
{
    public static ExecutionCounts Of(Execution execution, int running)
    {
        running = Math.Min(running, execution.Open); // the two were asked for one after the other
        return new(
            execution.Hosts, execution.Open - running, running, execution.Succeeded, execution.Failed, execution.Skipped);
    }
}

/// <summary>One agent of an execution. Its job has the id of its result.</summary>
internal sealed record ExecutionHostView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    string Agent,
    int Wave,
    string State,
    string? Reason,
    int? ExitCode,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    public static ExecutionHostView Of(HostProgress host) => new(
        host.Id, host.Agent, host.Wave + 1, host.State, host.Reason, host.ExitCode, host.StartedAt, host.FinishedAt);
}

/// <summary>What an execution would do.</summary>
/// <param name="LeftOut">The other agents, and why.</param>
/// <param name="Confirm">What to send with the execution; null where it needs no confirmation.</param>
internal sealed record DryRunView(
    string Manifest, string Version, int Revision, int Total, IReadOnlyList<WaveView> Waves, IReadOnlyList<LeftOut> LeftOut,
    bool NeedsApproval, string? Confirm)
{
    public static DryRunView Of(ExecutionPlan plan, string? confirm) => new(
        plan.Manifest, plan.ManifestVersion, plan.Revision, plan.Hosts,
        [.. plan.Waves.Select((agents, at) => new WaveView(plan.Terms.Delays[at], agents))], plan.LeftOut, plan.NeedsApproval, confirm);
}

internal sealed record WaveView(double DelayS, IReadOnlyList<string> Agents);
