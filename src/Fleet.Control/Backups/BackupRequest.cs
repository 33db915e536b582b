namespace Fleet.Control.Backups;

/// <summary>A backup as clients write it: <c>POST /v1/backups</c>. Which fields a kind takes is in <see cref="BackupRules"/>.</summary>
internal sealed class BackupRequest
{
    public string? Kind { get; init; }

    /// <summary>Id or name; needed for <c>backup</c>, and says for others whose repository, agent and snapshots are meant.</summary>
    public string? SourceGroup { get; init; }

    /// <summary>Id or name.</summary>
    public string? Repository { get; init; }

    /// <summary>Who does it; the agent of the source group or of the repository where it is left out.</summary>
    public string? Agent { get; init; }

    /// <summary>With <c>check</c>: how much of the data is read, 0 to 100.</summary>
    public double? ReadDataPercent { get; init; }

    /// <summary>With <c>diff</c>.</summary>
    public string? SnapshotA { get; init; }

    /// <summary>With <c>diff</c>.</summary>
    public string? SnapshotB { get; init; }

    /// <summary>With <c>restore</c>: the whole id or its beginning; the newest of the source group where it is left out.</summary>
    public string? SnapshotId { get; init; }

    public List<string?>? Paths { get; init; }

    public bool InPlace { get; init; }

    public string? TargetDir { get; init; }

    public bool Verify { get; init; }

    /// <summary>With <c>restore</c>: nothing is left of it but whether it could be done.</summary>
    public DrillRequest? Drill { get; init; }

    /// <summary>0 (last) to 9 (first).</summary>
    public int Priority { get; init; } = 5;

    public int? MaxAttempts { get; init; }

    public int? TimeoutS { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>While its agent is away: <c>wait</c> or <c>skip</c>.</summary>
    public string Offline { get; init; } = "wait";

    public Dictionary<string, string?>? Labels { get; init; }

    public string? StateWebhookUrl { get; init; }
}

/// <summary>How large the sample of a drill is.</summary>
internal sealed class DrillRequest
{
    public int Files { get; init; } = 20;

    public long MostBytes { get; init; } = 256L * 1024 * 1024;
}

/// <summary>A restore as clients write it: <c>POST /v1/restores</c>.</summary>
internal sealed class RestoreRequest
{
    public required string SnapshotId { get; init; }

    public required string Agent { get; init; }

    /// <summary>Where the snapshot is, where its id alone does not say it: id or name.</summary>
    public string? Repository { get; init; }

    public List<string?>? Paths { get; init; }

    public bool InPlace { get; init; }

    public string? TargetDir { get; init; }

    public bool Verify { get; init; }

    public int Priority { get; init; } = 5;

    public int? MaxAttempts { get; init; }

    public int? TimeoutS { get; init; }

    public BackupRequest ToBackup() => new()
    {
        Kind = Contracts.Backups.BackupKinds.Restore,
        SnapshotId = SnapshotId,
        Agent = Agent,
        Repository = Repository,
        Paths = Paths,
        InPlace = InPlace,
        TargetDir = TargetDir,
        Verify = Verify,
        Priority = Priority,
        MaxAttempts = MaxAttempts,
        TimeoutS = TimeoutS,
    };
}
