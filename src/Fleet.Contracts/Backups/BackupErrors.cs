namespace Fleet.Contracts.Backups;

/// <summary>Codes of backups that did not succeed, and what a person can do about them.</summary>
public static class BackupErrors
{
    /// <summary>There is no repository at that URL: <c>init</c> makes one.</summary>
    public const string NoRepository = "no_repository";

    /// <summary>There is one already.</summary>
    public const string RepositoryExists = "repository_exists";

    /// <summary>The password opens none of its keys.</summary>
    public const string WrongPassword = "wrong_password";

    /// <summary>Another process holds a lock that is not stale.</summary>
    public const string Locked = "repository_locked";

    /// <summary>No room is left, on the host or where the repository lies.</summary>
    public const string DiskFull = "disk_full";

    /// <summary>Where the repository lies cannot be reached.</summary>
    public const string Unreachable = "repository_unreachable";

    /// <summary>The credentials may not do this, as the everyday ones may not remove.</summary>
    public const string Denied = "repository_denied";

    /// <summary>Data of the repository is damaged.</summary>
    public const string Corrupt = "repository_corrupt";

    /// <summary>No such snapshot.</summary>
    public const string NoSnapshot = "snapshot_not_found";

    /// <summary>Nothing of what was to be backed up is there.</summary>
    public const string NoSource = "source_not_found";

    /// <summary>A hook failed or took too long.</summary>
    public const string Hook = "hook_failed";

    /// <summary>The agent has no restic.</summary>
    public const string NoRestic = "restic_not_found";

    /// <summary>The agent was not given the credentials.</summary>
    public const string NoCredentials = "no_credentials";

    /// <summary>A restored file is not what was backed up.</summary>
    public const string VerifyFailed = "verify_failed";

    /// <summary>Restic failed otherwise; the message is its own.</summary>
    public const string Restic = "restic_failed";
}
