using System.Threading.RateLimiting;

namespace Fleet.Edge.Limits;

/// <summary>Taking from an allowance that may be forgotten at this very moment, because it was idle.</summary>
internal static class Acquisition
{
    private const int Tries = 3;

    /// <summary>As <see cref="PartitionedRateLimiter{TResource}.AttemptAcquire"/>; a caller who was just forgotten is new.</summary>
    /// <exception cref="ObjectDisposedException">The process ends.</exception>
    public static RateLimitLease Acquire(this PartitionedRateLimiter<UInt128> allowances, UInt128 caller, int permits = 1)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return allowances.AttemptAcquire(caller, permits);
            }
            catch (ObjectDisposedException) when (left > 1)
            {
                // found before it was forgotten and asked after that: the next look makes another
            }
        }
    }
}
