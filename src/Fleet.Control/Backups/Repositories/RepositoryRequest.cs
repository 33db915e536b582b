namespace Fleet.Control.Backups.Repositories;

/// <summary>A repository as clients write it: <c>POST /v1/repositories</c>.</summary>
internal sealed class RepositoryRequest
{
    public required string Name { get; init; }

    /// <summary>As restic takes it: a path, <c>rest:https://…</c>, <c>s3:…</c>, <c>sftp:…</c>.</summary>
    public required string Url { get; init; }

    public required string Password { get; init; }

    /// <summary>Variables that restic needs, such as <c>AWS_ACCESS_KEY_ID</c>.</summary>
    public Dictionary<string, string?>? Env { get; init; }

    /// <summary>What may also remove; the everyday slot where it is left out.</summary>
    public AdminSlotRequest? Admin { get; init; }

    /// <summary>Who looks after it where a backup names no agent.</summary>
    public string? Agent { get; init; }

    public int? UploadKibPerSecond { get; init; }

    public int? DownloadKibPerSecond { get; init; }

    public int? Nice { get; init; }
}

/// <summary>The second slot of credentials. What is left out is as in the first.</summary>
internal sealed class AdminSlotRequest
{
    public string? Url { get; init; }

    public string? Password { get; init; }

    public Dictionary<string, string?>? Env { get; init; }
}

/// <summary>What may be changed: <c>PATCH /v1/repositories/{id}</c>. What is left out stays.</summary>
internal sealed class RepositoryChange
{
    public string? Name { get; init; }

    public string? Url { get; init; }

    public string? Password { get; init; }

    public Dictionary<string, string?>? Env { get; init; }

    public AdminSlotRequest? Admin { get; init; }

    public string? Agent { get; init; }

    public int? UploadKibPerSecond { get; init; }

    public int? DownloadKibPerSecond { get; init; }

    public int? Nice { get; init; }
}
