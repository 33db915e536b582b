using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Executions;

/// <summary>One submission of a manifest to many agents. Each of them has a job of its own.</summary>
internal sealed class Execution : IVersionedRow
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string Tenant { get; set; } = "";

    /// <summary>Name of the manifest.</summary>
    public string Manifest { get; set; } = "";

    /// <summary>As the manifest's author calls it.</summary>
    public string ManifestVersion { get; set; } = "";

    public int Revision { get; set; }

    /// <summary>One of <see cref="ExecutionStates"/>.</summary>
    public string State { get; set; } = "";

    /// <summary>Why it is paused, or was aborted; null otherwise.</summary>
    public string? Reason { get; set; }

    /// <summary>With one that was aborted: what runs of it is to be ended too.</summary>
    public bool EndsRunning { get; set; }

    /// <summary>The key that asked, and its name.</summary>
    public Guid Owner { get; set; }

    public string By { get; set; } = "";

    /// <summary>With one of a schedule: the key that had it start now; null where its time had come.</summary>
    public Guid? AskedBy { get; set; }

    /// <summary>With one of a schedule: the key that posted what it runs; null where it was not kept.</summary>
    public Guid? Author { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From when on the delays of its waves count; null where that is its creation.</summary>
    public DateTimeOffset? BeganAt { get; set; }

    public string? ApprovedBy { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What each of its agents is to do, as JSON.</summary>
    public string Spec { get; set; } = "{}";

    /// <summary>The <see cref="ExecutionTerms"/> as JSON.</summary>
    public string Terms { get; set; } = "{}";

    /// <summary>The wave that is next, or on its way, from 0; as many as there are when all are on their way.</summary>
    public int Wave { get; set; }

    /// <summary>When the wave may begin; null when all are on their way.</summary>
    public DateTimeOffset? WaveAt { get; set; }

    /// <summary>Agents it is for.</summary>
    public int Hosts { get; set; }

    /// <summary>Of them, those that are not over.</summary>
    public int Open { get; set; }

    /// <summary>Of these, those whose jobs are not submitted yet.</summary>
    public int Waiting { get; set; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    public int Skipped { get; set; }

    /// <summary>The execution whose failures it repeats.</summary>
    public Guid? RerunOf { get; set; }

    /// <summary>The schedule that started it, by name.</summary>
    public string? Schedule { get; set; }
}

/// <summary>One agent of an execution. Its id is that of its job, also before there is one.</summary>
internal sealed class ExecutionHost : IVersionedRow
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public Guid ExecutionId { get; set; }

    public string Agent { get; set; } = "";

    public int Wave { get; set; }

    /// <summary>One of <see cref="HostStates"/>.</summary>
    public string State { get; set; } = HostStates.Waiting;

    /// <summary>Why it was skipped; null otherwise.</summary>
    public string? Reason { get; set; }

    public int? ExitCode { get; set; }

    /// <summary>Its exit code, should it not begin in time.</summary>
    public int ExpiryCode { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>How far an execution is.</summary>
internal static class ExecutionStates
{
    /// <summary>Until another key says yes.</summary>
    public const string AwaitingApproval = "awaiting_approval";

    public const string Running = "running";

    /// <summary>No further wave begins until it is resumed.</summary>
    public const string Paused = "paused";

    public const string Completed = "completed";

    /// <summary>What had not begun never does.</summary>
    public const string Aborted = "aborted";

    public static IReadOnlyList<string> All { get; } = [AwaitingApproval, Running, Paused, Completed, Aborted];

    public static bool IsOver(string state) => state is Completed or Aborted;
}

/// <summary>What became of one agent of an execution.</summary>
internal static class HostStates
{
    /// <summary>For its wave.</summary>
    public const string Waiting = "waiting";

    /// <summary>Its job is there, and not over.</summary>
    public const string Open = "open";

    public const string Ok = "ok";
    public const string Failed = "failed";

    /// <summary>It never began.</summary>
    public const string Skipped = "skipped";
}

/// <summary>Exit codes that say what no program said.</summary>
internal static class ExitCodes
{
    /// <summary>Killed, timed out or lost.</summary>
    public const int Killed = -1;

    /// <summary>It had not begun at its deadline.</summary>
    public const int DeadlineMissed = 125;

    /// <summary>It had been on its way for longer than its manifest allows.</summary>
    public const int Stale = 127;
}
