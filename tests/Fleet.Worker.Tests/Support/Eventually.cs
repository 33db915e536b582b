namespace Fleet.Worker.Tests.Support;

/// <summary>Waits for what must become true, as long as a slow machine may need.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public static async Task True(Func<bool> condition, string what)
    {
        var giveUp = DateTime.UtcNow + _patience;
        while (!condition())
        {
            (DateTime.UtcNow < giveUp).ShouldBeTrue($"never happened: {what}");
            await Task.Delay(5);
        }
    }

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(_patience);

    public static Task Within(this Task task) => task.WaitAsync(_patience);
}
