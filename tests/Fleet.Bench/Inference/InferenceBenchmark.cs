using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Inference;

/// <summary>
/// Model calls through edge, control, broker and agent, and in turn with them the same calls to the upstream itself.
/// </summary>
internal sealed class InferenceBenchmark(
    BenchOptions options, FleetHome home, FleetApi api, ProcessMeter meter, PhaseRunner phases)
{
    public const string FirstToken = "first token";
    public const string Streams = "streams";
    public const string Embeddings = "embeddings";
    public const string Fleet = FirstTokenAdded.Fleet;
    public const string Upstream = FirstTokenAdded.Upstream;

    private const int ManyTexts = 32;

    public async Task Run(CancellationToken stop)
    {
        using var echo = await EchoControl.Find(home, api, Math.Max(options.Streams, options.Callers), stop);
        using var upstream = new ModelDoor(Upstream, echo.Address, home.AdminKey);
        using var fleet = new ModelDoor(Fleet, home.Edge, home.AdminKey);
        ModelDoor[] doors = [upstream, fleet];
        try
        {
            await Measure(echo, doors, stop);
        }
        finally
        {
            await echo.BehaveAsEver(CancellationToken.None);
        }
    }

    private async Task Measure(EchoControl echo, ModelDoor[] doors, CancellationToken stop)
    {
        var first = new FirstTokenPhase(echo, meter);
        var streams = new StreamsPhase(echo, meter);
        var embeddings = new EmbeddingsPhase(doors[0], meter);
        foreach (var door in doors)
            await phases.Run("warm-up", door.Name, patience => first.Run(door, options.Callers, options.Calls / 2, patience));
        for (var run = 1; run <= options.Runs && !stop.IsCancellationRequested; run++)
        {
            Progress.Say($"round {run} of {options.Runs}");
            foreach (var door in doors)
                await phases.Run(FirstToken, door.Name, patience => first.Run(door, options.Callers, options.Calls, patience));
            foreach (var door in doors)
                await phases.Run(Streams, door.Name, patience => streams.Run(door, options.Streams, options.Words, patience));
            foreach (var texts in (int[])[1, ManyTexts])
            {
                foreach (var door in doors)
                {
                    await phases.Run(
                        Embeddings, $"{door.Name}, {texts} a call",
                        patience => embeddings.Run(door, texts, TimeSpan.FromSeconds(5), patience));
                }
            }
        }
    }
}
