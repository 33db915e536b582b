using Fleet.Control.Platform.Journal;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Platform.Journal;

/// <summary>What of a watched stream is kept in memory.</summary>
public sealed class JournalTailTests
{
    private readonly JournalTail _tail = new();

    [Fact]
    public void Nothing_is_known_of_what_was_not_kept()
    {
        _tail.After(0).ShouldBeNull();
        Add(5, 6);
        _tail.After(3).ShouldBeNull();
        After(4).ShouldBe([5, 6]);
        After(5).ShouldBe([6]);
        _tail.After(6).ShouldBeNull();
        _tail.After(7).ShouldBeNull();
    }

    [Fact]
    public void A_gap_starts_afresh()
    {
        Add(1, 2);
        Add(4);
        _tail.After(2).ShouldBeNull();
        After(3).ShouldBe([4]);
    }

    [Fact]
    public void What_comes_twice_is_kept_once()
    {
        Add(1, 2, 3);
        Add(2, 3);
        Add(4);
        After(0).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Memory_is_bounded()
    {
        for (var seq = 1; seq <= 100; seq++)
            _tail.Add([Entry(seq, 100_000)]);
        _tail.After(70).ShouldBeNull();
        After(85).ShouldBe(Enumerable.Range(86, 15).Select(seq => (long)seq));
        _tail.Add([Entry(101, 5_000_000)]);
        _tail.After(100).ShouldBeNull();
        Add(102);
        After(101).ShouldBe([102]);
    }

    [Fact]
    public void Whoever_is_equally_far_gets_the_same_list_and_it_does_not_change()
    {
        Add(1, 2);
        var page = _tail.After(1);
        _tail.After(1).ShouldBeSameAs(page);
        Add(3);
        page!.Select(entry => entry.Seq).ShouldBe([2]);
        After(1).ShouldBe([2, 3]);
        After(2).ShouldBe([3]);
    }

    [Fact]
    public async Task Every_sign_wakes_whoever_waits_or_is_about_to()
    {
        using var watcher = new JournalWatcher(new ManualClock());
        _tail.Enter(watcher);
        var wait = watcher.Wait(TimeSpan.FromSeconds(5)).AsTask();
        wait.IsCompleted.ShouldBeFalse();
        _tail.Hint();
        await wait.Within();
        Add(1);
        watcher.Wait(TimeSpan.FromSeconds(5)).AsTask().IsCompleted.ShouldBeTrue();
        var next = watcher.Wait(TimeSpan.FromSeconds(5)).AsTask();
        _tail.Leave(watcher);
        Add(2);
        next.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_watcher_is_woken_by_its_timer_too()
    {
        var clock = new ManualClock();
        using var watcher = new JournalWatcher(clock);
        var wait = watcher.Wait(TimeSpan.FromSeconds(5)).AsTask();
        clock.Advance(TimeSpan.FromSeconds(4));
        wait.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        await wait.Within();
    }

    private static JournalEntry Entry(long seq, int bytes = 0) =>
        new(Guid.Empty, seq, "note", 1, DateTimeOffset.UnixEpoch, null, bytes == 0 ? null : new byte[bytes]);

    private void Add(params long[] seqs) => _tail.Add(seqs.Select(seq => Entry(seq)));

    private IEnumerable<long> After(long seq) => _tail.After(seq)!.Select(entry => entry.Seq);
}
