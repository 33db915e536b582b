using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Jobs;

/// <summary>An assignment that counts towards a rate, for as long as the rate looks back.</summary>
internal sealed class JobStart
{
    public Guid JobId { get; set; }

    public int Attempt { get; set; }

    public Guid RateId { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset Until { get; set; }

    public static JobStart Of(Job job, RateTerms rate, DateTimeOffset now) => new()
    {
        JobId = job.CorrelationId,
        Attempt = job.Attempt,
        RateId = rate.Id,
        At = now,
        Until = now.AddSeconds(rate.Seconds),
    };
}
