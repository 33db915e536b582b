using Fleet.Console.Live;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Console.Tests.Live;

/// <summary>However often something is asked for, it is done once in a while, and never forgotten.</summary>
public sealed class RefreshTests
{
    [Fact]
    public async Task What_is_asked_meanwhile_is_one_more_time()
    {
        var clock = new FakeTimeProvider();
        var done = 0;
        var first = new TaskCompletionSource();
        using var refresh = new Refresh(() => ++done == 1 ? first.Task : Task.CompletedTask, TimeSpan.FromSeconds(1), clock);
        for (var i = 0; i < 5; i++)
            refresh.Ask();
        done.ShouldBe(1); // the first goes at once, the others wait for it
        first.SetResult();
        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return done == 2;
        }, "the second");
        clock.Advance(TimeSpan.FromSeconds(10));
        done.ShouldBe(2);
        refresh.Ask();
        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return done == 3;
        }, "the third");
    }
}
