using Fleet.Control.Platform.Journal;

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
    public void Every_sign_wakes_whoever_asked_before()
    {
        var news = _tail.News;
        news.IsCompleted.ShouldBeFalse();
        _tail.Hint();
        news.IsCompleted.ShouldBeTrue();
        var next = _tail.News;
        next.IsCompleted.ShouldBeFalse();
        Add(1);
        next.IsCompleted.ShouldBeTrue();
    }

    private static JournalEntry Entry(long seq, int bytes = 0) =>
        new(Guid.Empty, seq, "note", 1, DateTimeOffset.UnixEpoch, null, bytes == 0 ? null : new byte[bytes]);

    private void Add(params long[] seqs) => _tail.Add(seqs.Select(seq => Entry(seq)));

    private IEnumerable<long> After(long seq) => _tail.After(seq)!.Select(entry => entry.Seq);
}
