namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>How long to wait before the next try: 1 2 4 8 16 … s, and what the receiver asks for if that is longer.</summary>
internal sealed class RetryPauses(WebhookSettings settings)
{
    /// <param name="failures">So far, 1 or more.</param>
    public TimeSpan After(int failures, TimeSpan? asked)
    {
        var longest = settings.LongestRetrySeconds;
        var pause = Math.Min(settings.RetrySeconds * Math.Pow(2, failures - 1), longest);
        return TimeSpan.FromSeconds(Math.Max(pause, Math.Min(asked?.TotalSeconds ?? 0, longest)));
    }
}
