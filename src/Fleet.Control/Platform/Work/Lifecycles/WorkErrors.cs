namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>Codes and sentences of work that ended without an attempt that failed.</summary>
internal static class WorkErrors
{
    /// <summary>It had to start by a time, and nobody had taken it.</summary>
    public const string Expired = "expired";

    /// <summary>Later work of the same queue key runs in its place.</summary>
    public const string Superseded = "superseded";

    /// <summary>No agent that could run it was online, and it was to be skipped then.</summary>
    public const string AgentOffline = "agent_offline";

    /// <summary>Its agents died too often while they ran it.</summary>
    public const string CrashLoop = "crash_loop";

    public static string Skipped(string family) => $"No agent that could run the {family} was online when it was submitted.";
}
