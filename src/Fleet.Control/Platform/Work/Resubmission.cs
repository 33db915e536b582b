using System.Text.Json;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work;

/// <summary>The submission that repeats work.</summary>
internal static class Resubmission
{
    /// <summary>The same work for the same tenant; the time limit for its start, which is over, is left out.</summary>
    public static SubmitWork Again(this WorkRow work) => work.Again(WireId.New());

    /// <param name="id">Of the new work; the same id twice is the same work.</param>
    public static SubmitWork Again(this WorkRow work, Guid id) => work.Again(id, DemandKey.Read(work.Demand));

    private static SubmitWork Again(this WorkRow work, Guid id, DemandClass demand) => new(
        id,
        work.Kind,
        work.Spec,
        work.Tenant,
        work.Name,
        JsonSerializer.Deserialize<Dictionary<string, string>>(work.Labels)!,
        work.Priority,
        work.MaxAttempts,
        work.TimeoutSeconds,
        ExpiresAt: null,
        new WorkTarget(work.TargetAgent, JsonSerializer.Deserialize<Dictionary<string, string>>(work.TargetLabels)!),
        work.StateWebhookUrl,
        RetryOf: work.CorrelationId,
        new QueueTerms(
            work.Offline,
            work.QueueKey,
            work.NotBefore,
            work.ConcurrencyKey,
            work.ConcurrencyLimit,
            work.SequenceKey,
            work.FairnessKey,
            work.RateKey,
            work.RateLimit,
            work.RateSeconds,
            work.RetryPauseSeconds),
        work.Wire,
        demand.Capability,
        work.Model,
        demand.Place,
        work.Owner);
}
