using System.Threading.RateLimiting;
using Fleet.Edge.Limits;

namespace Fleet.Edge.Tests.Limits;

public sealed class AcquisitionTests
{
    [Fact]
    public void A_caller_who_is_forgotten_while_he_asks_is_a_new_one()
    {
        using var allowances = new Forgetful(times: 2);
        using var lease = allowances.Acquire(1);
        lease.IsAcquired.ShouldBeTrue();
    }

    [Fact]
    public void Of_a_process_that_ends_nothing_is_taken()
    {
        using var allowances = new Forgetful(times: int.MaxValue);
        Should.Throw<ObjectDisposedException>(() => allowances.Acquire(1));
    }

    private sealed class Forgetful(int times) : PartitionedRateLimiter<UInt128>
    {
        private readonly PartitionedRateLimiter<UInt128> _inner =
            PartitionedRateLimiter.Create<UInt128, UInt128>(RateLimitPartition.GetNoLimiter);

        private int _left = times;

        public override RateLimiterStatistics? GetStatistics(UInt128 resource) => _inner.GetStatistics(resource);

        protected override RateLimitLease AttemptAcquireCore(UInt128 resource, int permitCount) =>
            _left-- > 0 ? throw new ObjectDisposedException("limiter") : _inner.AttemptAcquire(resource, permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(UInt128 resource, int permitCount, CancellationToken stop) =>
            _inner.AcquireAsync(resource, permitCount, stop);

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
