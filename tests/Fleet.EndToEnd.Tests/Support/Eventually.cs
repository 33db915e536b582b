namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Waits for what must become true, as long as a busy machine may need.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            (TimeProvider.System.GetElapsedTime(since) < Patience).ShouldBeTrue($"never happened: {what}");
            await Task.Delay(Glance);
        }
    }

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Within(this Task task) => task.WaitAsync(Patience);
}
