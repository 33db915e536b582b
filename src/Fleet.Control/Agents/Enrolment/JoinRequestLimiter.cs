using System.Threading.RateLimiting;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>How fast anybody may announce hosts to this process, all of them together.</summary>
internal sealed class JoinRequestLimiter(AgentSettings settings) : IDisposable
{
    private readonly FixedWindowRateLimiter _limiter = new(new FixedWindowRateLimiterOptions
    {
        PermitLimit = settings.AnnouncementsPerMinute,
        Window = TimeSpan.FromMinutes(1),
    });

    public bool TryEnter()
    {
        using var lease = _limiter.AttemptAcquire();
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
