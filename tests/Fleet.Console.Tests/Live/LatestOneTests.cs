using Fleet.Console.Live;

namespace Fleet.Console.Tests.Live;

/// <summary>However quickly a page changes its mind, or is left, nothing goes on that nobody looks at.</summary>
public sealed class LatestOneTests
{
    [Fact]
    public async Task Of_several_that_were_prepared_at_once_only_the_latest_begins()
    {
        var begun = new List<Thing>();
        using var latest = new LatestOne<Thing>();
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var all = gates.Select(gate => latest.Begin(() => gate.Task, () => Begin(begun))).ToArray();
        gates[1].SetResult();
        gates[0].SetResult();
        await Task.WhenAll(all);
        begun.Count.ShouldBe(1);
        await latest.Begin(() => Task.CompletedTask, () => Begin(begun));
        begun.Select(one => one.IsOver).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Nothing_begins_on_a_page_that_was_left_meanwhile()
    {
        var begun = new List<Thing>();
        var latest = new LatestOne<Thing>();
        var gate = new TaskCompletionSource();
        var beginning = latest.Begin(() => gate.Task, () => Begin(begun));
        latest.Dispose();
        gate.SetResult();
        await beginning;
        begun.ShouldBeEmpty();
    }

    private static Thing Begin(List<Thing> begun)
    {
        begun.Add(new Thing());
        return begun[^1];
    }

    private sealed class Thing : IDisposable
    {
        public bool IsOver { get; private set; }

        public void Dispose() => IsOver = true;
    }
}
