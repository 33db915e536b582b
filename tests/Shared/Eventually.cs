namespace Fleet.Tests.Shared;

/// <summary>
/// The one place where tests meet the time of this machine. They await here what must become true, as long as a busy
/// machine may need, and hear what did not. A slow machine makes them slower, never red.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"In {Patience.TotalSeconds} s it did not happen that {what}.");
            await Task.Delay(Glance);
        }
    }

    public static Task StaysTrue(Func<bool> condition, TimeSpan during, string what) =>
        StaysTrue(() => Task.FromResult(condition()), during, what);

    /// <summary>Watches for what must not happen while enough time for it passes.</summary>
    public static async Task StaysTrue(Func<Task<bool>> condition, TimeSpan during, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        do
        {
            (await condition()).ShouldBeTrue($"It should have stayed true that {what}.");
            await Task.Delay(Glance);
        }
        while (TimeProvider.System.GetElapsedTime(since) < during);
    }

    /// <summary>What a measure shows once it has stopped changing.</summary>
    public static async Task<long> Settled(Func<long> measure)
    {
        var (last, same) = (-1L, 0);
        while (same < 20)
        {
            var now = measure();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            await Task.Delay(Glance);
        }

        return last;
    }

    /// <summary>Silence, where that is what is tested, or time for effects that nobody announces.</summary>
    public static Task Silence(TimeSpan length, CancellationToken stop = default) => Task.Delay(length, stop);

    /// <summary>Says nothing for as long as the other side stays.</summary>
    public static Task Silence(CancellationToken gone) => Task.Delay(Timeout.Infinite, gone);

    /// <summary>A task that must end soon; a test that hangs says nothing.</summary>
    public static Task Within(this Task task) => task.WaitAsync(Patience);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Patience);
}
