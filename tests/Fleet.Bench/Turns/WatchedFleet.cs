using Fleet.Bench.Inference;

namespace Fleet.Bench.Turns;

/// <summary>Turns of Fleet, each in a conversation of its own.</summary>
internal sealed class WatchedFleet(EchoControl echo, TurnDoor door, int words) : IWatched
{
    public string Name => TurnsBenchmark.Fleet;

    public async Task<string> Begin(CancellationToken stop)
    {
        await echo.Behave(words, WatchPhase.Quiet, TimeSpan.FromSeconds(1) / WatchPhase.PerSecond, stop);
        return await door.Ask(await door.Begin(stop), stop);
    }

    public Task<Stream> Watch(string answer, CancellationToken stop) => door.Watch(answer, stop);

    public bool Carries(string role) => role is "edge" or "control";
}
