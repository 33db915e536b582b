using System.Diagnostics;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Waits for what must become true, and says what did not.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"In {Patience.TotalSeconds} s it did not happen that {what}.");
            await Task.Delay(10);
        }
    }

    /// <summary>A task that must end soon; a test that hangs says nothing.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Patience);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);
}
