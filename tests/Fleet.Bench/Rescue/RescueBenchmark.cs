using Fleet.Bench.Phases;

namespace Fleet.Bench.Rescue;

/// <summary>How long work is in nobody's hands when its agent dies, and when it is asked to stop.</summary>
internal sealed class RescueBenchmark(BenchOptions options, RescuePhase rescue, PhaseRunner phases)
{
    public const string Section = "rescue";

    public async Task Run()
    {
        await phases.Run(Section, "kill -9", stop => rescue.Run("KILL", options.Tries, stop));
        await phases.Run(Section, "SIGTERM", stop => rescue.Run("TERM", options.Tries, stop));
    }
}
