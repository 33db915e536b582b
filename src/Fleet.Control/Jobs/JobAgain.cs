using System.Text.Json;
using Fleet.Contracts.Jobs;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs;

/// <summary>The submission that repeats a job.</summary>
internal static class JobAgain
{
    /// <summary>The same work for the same tenant; the time limit for its start, which is over, is left out.</summary>
    public static SubmitJob Again(this Job job) => job.Again(WireId.New());

    /// <param name="id">Of the new job; the same id twice is the same job.</param>
    public static SubmitJob Again(this Job job, Guid id) => new(
        id,
        job.Tenant,
        JsonSerializer.Deserialize<JobSpec>(job.Spec, JobSpecJson.Options)!,
        job.Name,
        JsonSerializer.Deserialize<Dictionary<string, string>>(job.Labels)!,
        job.Priority,
        job.MaxAttempts,
        job.TimeoutSeconds,
        ExpiresAt: null,
        new JobTarget(job.TargetAgent, JsonSerializer.Deserialize<Dictionary<string, string>>(job.TargetLabels)!),
        job.StateWebhookUrl,
        RetryOf: job.CorrelationId,
        new QueueTerms(
            job.Offline,
            job.QueueKey,
            job.NotBefore,
            job.ConcurrencyKey,
            job.ConcurrencyLimit,
            job.SequenceKey,
            job.FairnessKey,
            job.RateKey,
            job.RateLimit,
            job.RateSeconds),
        job.Wire);
}
