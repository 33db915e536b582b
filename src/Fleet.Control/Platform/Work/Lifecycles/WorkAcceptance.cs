using System.Text.Json;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>How a submission becomes a row.</summary>
internal static class WorkAcceptance
{
    /// <summary>
    /// A step of priority is worth this much waiting, so that work of low priority runs in the end, however much of
    /// high priority arrives.
    /// </summary>
    private static readonly TimeSpan PriorityStep = TimeSpan.FromMinutes(10);

    extension(WorkRow work)
    {
        public void Fill(SubmitWork submitted, DateTimeOffset now)
        {
            if (submitted.SpecJson is null || submitted.Target is null || submitted.Labels is null)
                throw new ArgumentException("Work without specification, target or labels cannot be accepted.");
            work.Tenant = submitted.Tenant;
            work.Owner = submitted.Owner;
            work.Kind = submitted.Kind;
            work.Name = submitted.Name;
            work.Spec = submitted.SpecJson;
            work.Model = submitted.Model;
            work.Labels = JsonSerializer.Serialize(submitted.Labels);
            work.Priority = submitted.Priority;
            work.MaxAttempts = submitted.MaxAttempts;
            work.TimeoutSeconds = submitted.TimeoutSeconds;
            work.ExpiresAt = submitted.ExpiresAt;
            work.TargetAgent = submitted.Target.Agent;
            work.TargetLabels = JsonSerializer.Serialize(submitted.Target.Labels);
            work.StateWebhookUrl = submitted.StateWebhookUrl;
            work.Wire = submitted.Wire;
            work.RetryOf = submitted.RetryOf;
            work.CreatedAt = now;
            work.Demand = DemandKey.Of(
                submitted.Kind,
                submitted.Capability ?? submitted.Kind,
                submitted.Target.Agent,
                submitted.Target.Labels,
                ModelName.ShortOfAny(submitted.Model),
                submitted.Upstream,
                submitted.Tenant);
            work.Fill(submitted.Terms ?? new QueueTerms());
            work.TakePlace();
        }

        /// <summary>Its place among what has the same demand, by age and priority.</summary>
        public void TakePlace() =>
            work.QueueRank = work.CreatedAt.ToUnixTimeMilliseconds() - (long)(work.Priority * PriorityStep.TotalMilliseconds);

        private void Fill(QueueTerms terms)
        {
            work.Offline = terms.Offline;
            work.QueueKey = terms.QueueKey;
            work.NotBefore = terms.NotBefore;
            work.ConcurrencyKey = terms.ConcurrencyKey;
            work.ConcurrencyLimit = terms.ConcurrencyLimit;
            work.SequenceKey = terms.SequenceKey;
            work.RateKey = terms.RateKey;
            work.RateLimit = terms.RateLimit;
            work.RateSeconds = terms.RateSeconds;
            work.FairnessKey = terms.FairnessKey;
            work.RetryPauseSeconds = terms.RetryPauseSeconds;
            work.Share = WorkKeys.IdOf("share", work.Tenant, terms.FairnessKey);
            work.ConcurrencyId = WorkKeys.IdOfAny("concurrency", work.Tenant, terms.ConcurrencyKey);
            work.SequenceId = WorkKeys.IdOfAny("sequence", work.Tenant, terms.SequenceKey);
            work.RateId = WorkKeys.IdOfAny("rate", work.Tenant, terms.RateKey);
            work.QueueId = WorkKeys.IdOfAny("queue", work.Tenant, terms.QueueKey);
            if (work.Keys.AreLimited)
                work.Gate = WorkKeys.IdOf("gate", $"{work.ConcurrencyId}/{work.ConcurrencyLimit}", $"{work.SequenceId}{work.Rate}");
        }
    }
}
