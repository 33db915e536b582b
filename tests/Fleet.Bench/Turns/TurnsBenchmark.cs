using Fleet.Bench.Inference;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Turns;

/// <summary>Chat turns: what Fleet adds to the first token, and what it takes to have many watch.</summary>
internal sealed class TurnsBenchmark(BenchOptions options, FleetHome home, FleetApi api, PhaseRunner phases)
{
    public const string FirstToken = "turns: first token";
    public const string Watchers = "turns: watchers";
    public const string Long = "turns: a long conversation";
    public const string Fleet = FirstTokenAdded.Fleet;
    public const string Upstream = FirstTokenAdded.Upstream;
    public const string Bare = "bare Kestrel, nothing stored";

    public async Task Run(CancellationToken stop)
    {
        using var echo = await EchoControl.Find(home, api, Math.Max(options.Turns, options.Callers), stop);
        await using var bare = await WatchedBareServer.Start(options.TurnWords, stop);
        var meter = new ProcessMeter(() => new Dictionary<string, int>(home.Processes()) { [WatchedBareServer.Role] = bare.Pid });
        using var door = new TurnDoor(home.Edge, home.AdminKey);
        using var upstream = new ModelDoor(Upstream, echo.Address, home.AdminKey);
        try
        {
            await Ask(new AskPhase(echo, door, meter), new FirstTokenPhase(echo, meter), upstream, stop);
            await Grow(new LongConversationPhase(echo, door));
            IWatched[] watched = [bare, new WatchedFleet(echo, door, options.TurnWords)];
            await Watch(new WatchPhase(meter), watched, stop);
        }
        finally
        {
            await echo.BehaveAsEver(CancellationToken.None);
        }
    }

    private async Task Ask(AskPhase turns, FirstTokenPhase calls, ModelDoor upstream, CancellationToken stop)
    {
        await phases.Run("warm-up", Upstream, patience => calls.Run(upstream, options.Callers, options.Calls / 2, patience));
        await phases.Run("warm-up", Fleet, patience => turns.Run(options.Callers, options.Calls / 2, patience));
        for (var run = 1; run <= options.Runs && !stop.IsCancellationRequested; run++)
        {
            await phases.Run(FirstToken, Upstream, patience => calls.Run(upstream, options.Callers, options.Calls, patience));
            await phases.Run(FirstToken, Fleet, patience => turns.Run(options.Callers, options.Calls, patience));
        }
    }

    private async Task Grow(LongConversationPhase conversation)
    {
        foreach (var turns in (int[])[10, 40, 200])
        {
            var subject = $"turns {turns - LongConversationPhase.Measured + 1} to {turns}";
            await phases.Run(Long, subject, patience => conversation.Run(turns, patience));
        }
    }

    private async Task Watch(WatchPhase phase, IReadOnlyList<IWatched> all, CancellationToken stop)
    {
        for (var run = 0; run <= options.Runs && !stop.IsCancellationRequested; run++)
        {
            foreach (var watched in all)
            {
                await phases.Run(run == 0 ? "warm-up" : Watchers, watched.Name, patience =>
                    phase.Run(watched, options.Turns, options.Watchers, options.TurnWords, patience));
            }
        }
    }
}
