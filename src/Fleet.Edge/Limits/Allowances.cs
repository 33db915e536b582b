using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Fleet.Edge.Limits;

/// <summary>
/// What each caller may do in a second. Losing it loses nothing, and a caller that has been idle for ten seconds is
/// forgotten: many addresses take memory only while they call.
/// </summary>
internal sealed class Allowances(IOptions<EdgeSettings> settings) : IDisposable
{
    /// <summary>Requests of an API key, or of an address without one: as many at once after a second of rest.</summary>
    public PartitionedRateLimiter<UInt128> Requests { get; } =
        PartitionedRateLimiter.Create<UInt128, UInt128>(caller => Bucket(caller, settings.Value.RequestsPerSecond));

    /// <summary>Answers 401 of an address.</summary>
    public PartitionedRateLimiter<UInt128> Refusals { get; } =
        PartitionedRateLimiter.Create<UInt128, UInt128>(address => Window(address, settings.Value.RefusalsPerSecond));

    public void Dispose()
    {
        Requests.Dispose();
        Refusals.Dispose();
    }

    private static RateLimitPartition<UInt128> Bucket(UInt128 caller, double perSecond) => perSecond <= 0
        ? RateLimitPartition.GetNoLimiter(caller)
        : RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Whole(perSecond),
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / perSecond), // what is due is added ten times a second
        });

    /// <summary>Whole permits only: that there is one can be asked without taking it.</summary>
    private static RateLimitPartition<UInt128> Window(UInt128 address, double perSecond) => perSecond <= 0
        ? RateLimitPartition.GetNoLimiter(address)
        : RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = Whole(perSecond),
            Window = TimeSpan.FromSeconds(Whole(perSecond) / perSecond),
        });

    private static int Whole(double perSecond) => (int)Math.Min(int.MaxValue, Math.Ceiling(perSecond));
}
