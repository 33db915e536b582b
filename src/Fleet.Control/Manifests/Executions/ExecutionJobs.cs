using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Manifests.Executions;

/// <summary>The job of one agent of an execution.</summary>
internal static class ExecutionJobs
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <param name="at">When it is submitted.</param>
    public static SubmitWork Of(Execution execution, ExecutionTerms terms, ExecutionHost host, DateTimeOffset at) => new(
        host.CorrelationId,
        JobKinds.Command,
        execution.Spec,
        execution.Tenant,
        execution.Manifest,
        Labels(execution),
        terms.Priority,
        terms.Attempts,
        terms.TimeoutS,
        ExpiryOf(terms, at),
        new WorkTarget(host.Agent, Nothing),
        Terms: new QueueTerms(
            terms.Offline == OfflineTerms.Newest ? OfflineTerms.Newest : OfflineTerms.Wait,
            QueueKey: terms.Offline == OfflineTerms.Newest ? $"manifest {execution.Manifest} {host.Agent}" : null,
            NotBefore: terms.JitterS is > 0 ? at.AddSeconds(terms.JitterS.Value * FractionOf(host)) : null,
            ConcurrencyKey: terms.MaxConcurrent is null ? null : $"execution {execution.CorrelationId:N}",
            ConcurrencyLimit: terms.MaxConcurrent,
            RetryPauseSeconds: terms.RetryPauseS is { } pause ? (int)Math.Ceiling(pause) : null),
        Wire: WorkWires.Execution);

    /// <summary>Whether a job that did not begin in time was too old, rather than too late.</summary>
    public static bool IsStaleFirst(ExecutionTerms terms, DateTimeOffset at) =>
        terms.StaleAfterS is { } age && !(terms.DeadlineAt <= at.AddSeconds(age));

    /// <summary>The earlier of its deadline and of the age that its manifest allows.</summary>
    private static DateTimeOffset? ExpiryOf(ExecutionTerms terms, DateTimeOffset at) =>
        IsStaleFirst(terms, at) ? at.AddSeconds(terms.StaleAfterS!.Value) : terms.DeadlineAt;

    private static Dictionary<string, string> Labels(Execution execution) => new()
    {
        ["manifest"] = execution.Manifest,
        ["manifest_version"] = execution.ManifestVersion,
        ["execution"] = Protocol.Ids.WireId.Format(execution.CorrelationId),
    };

    /// <summary>0 to 1, always the same for one job.</summary>
    private static double FractionOf(ExecutionHost host)
    {
        Span<byte> id = stackalloc byte[16];
        host.CorrelationId.TryWriteBytes(id);
        var sum = 2166136261u;
        foreach (var part in id)
            sum = (sum ^ part) * 16777619;
        return sum / (double)uint.MaxValue;
    }
}
