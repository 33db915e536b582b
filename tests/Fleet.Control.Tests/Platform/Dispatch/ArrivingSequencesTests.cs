using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Tests.Platform.Dispatch;

public sealed class ArrivingSequencesTests
{
    private readonly ArrivingSequences _arriving = new();
    private readonly Guid _sequence = Guid.NewGuid();

    [Fact]
    public void Work_is_alone_while_nothing_else_of_its_sequence_arrives()
    {
        var (first, second, stranger) = (Work(_sequence), Work(_sequence), Work(Guid.NewGuid()));
        _arriving.Enter([first, stranger]);
        _arriving.IsAlone(_sequence).ShouldBeTrue();
        _arriving.Enter([second]);
        _arriving.IsAlone(_sequence).ShouldBeFalse();
        _arriving.Leave(first);
        _arriving.IsAlone(_sequence).ShouldBeTrue();
    }

    [Fact]
    public void What_is_tried_again_or_never_came_is_counted_once()
    {
        var work = Work(_sequence);
        _arriving.Enter([work, work]);
        _arriving.IsAlone(_sequence).ShouldBeTrue();
        _arriving.Leave(work);
        _arriving.Leave(work);
        _arriving.Leave(Work(_sequence));
        _arriving.IsAlone(_sequence).ShouldBeFalse();
        _arriving.Enter([Work(sequence: null)]);
    }

    private static ReadyWork Work(Guid? sequence) => new(
        Guid.NewGuid(), "noop", DateTimeOffset.UnixEpoch, "demand", new WorkKeys(Guid.Empty, Sequence: sequence));
}
