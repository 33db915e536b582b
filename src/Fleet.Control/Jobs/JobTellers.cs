using Fleet.Contracts.Jobs;

namespace Fleet.Control.Jobs;

/// <summary>Who said what happened to an attempt.</summary>
internal static class JobTellers
{
    /// <summary>The agent, where it was one; its own exchange has proved it.</summary>
    public static string? Of(object report) => report switch
    {
        JobStarted started => started.Agent,
        JobOutput output => output.Agent,
        JobProgressed progressed => progressed.Agent,
        JobFinished finished => finished.Agent,
        _ => null,
    };
}
