using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Tests.Platform.InHand;

public class RecentKeysTests
{
    [Fact]
    public void The_last_ones_are_remembered_and_the_memory_is_bounded()
    {
        var keys = new RecentKeys();
        var all = Enumerable.Range(0, 3 * RecentKeys.LeastRemembered)
            .Select(_ => new AttemptKey(Guid.NewGuid(), "noop", 1))
            .ToList();
        all.ShouldAllBe(key => keys.Add(key));
        all.TakeLast(RecentKeys.LeastRemembered).ShouldAllBe(key => !keys.Add(key));
        keys.Contains(all[0]).ShouldBeFalse();
    }
}
