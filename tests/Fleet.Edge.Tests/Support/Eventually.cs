using System.Diagnostics;

namespace Fleet.Edge.Tests.Support;

/// <summary>Waits for what takes a moment, and fails when it never comes.</summary>
internal static class Eventually
{
    public static async Task True(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "it never came true");
            await Task.Delay(20);
        }
    }
}
