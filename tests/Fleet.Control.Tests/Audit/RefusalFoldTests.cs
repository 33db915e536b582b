using Fleet.Control.Platform.Audit;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Audit;

/// <summary>A flood of refusals is counted, and costs a bounded number of rows.</summary>
public sealed class RefusalFoldTests
{
    private readonly ManualClock _clock = new();
    private readonly RefusalFold _fold;

    public RefusalFoldTests() => _fold = new RefusalFold(new AuditSettings { RefusalsPerMinute = 5 }, _clock);

    [Fact]
    public void The_first_of_a_minute_have_rows_of_their_own_and_the_others_one()
    {
        Refuse("192.0.2.1", 100).ShouldBe(5);
        Refuse("192.0.2.2", 3).ShouldBe(3);
        _fold.Take(all: false).ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromMinutes(1));
        var folded = _fold.Take(all: false).ShouldHaveSingleItem();
        (folded.Address, folded.Count, folded.Status).ShouldBe(("192.0.2.1", 95, 401));
        _fold.Take(all: true).ShouldBeEmpty();
        Refuse("192.0.2.1", 1).ShouldBe(1);
    }

    [Fact]
    public void What_is_not_told_yet_is_told_at_the_end()
    {
        Refuse("192.0.2.1", 7);
        _fold.Take(all: true).ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public void Many_addresses_together_have_a_bound_and_a_network_of_one_host_is_one()
    {
        var own = Enumerable.Range(0, 5000).Sum(i => Refuse($"192.0.{i / 250}.{i % 250}", 1));
        own.ShouldBe(100);
        var folded = _fold.Take(all: true);
        folded.Sum(row => row.Count).ShouldBe(4900);
        folded.Count.ShouldBeLessThanOrEqualTo(1001);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Enumerable.Range(0, 50).Sum(i => Refuse($"2001:db8::{i:x}", 1)).ShouldBe(5);
        _fold.Take(all: true).ShouldHaveSingleItem().Address.ShouldBe("2001:db8::/64");
    }

    /// <summary>How many of them have rows of their own.</summary>
    private int Refuse(string address, int times) => Enumerable.Range(0, times).Count(_ => _fold.Admit(new AuditRow
    {
        Id = Guid.CreateVersion7(),
        At = _clock.GetUtcNow(),
        Who = AuditRow.Unknown,
        Action = "job.submit",
        Method = "POST",
        Path = "/v1/jobs",
        Address = address,
        Status = 401,
    }));
}
