using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Backups;

/// <summary>How backups are run and watched: section <c>Backups</c>.</summary>
public sealed class BackupSettings
{
    /// <summary>How many attempts of a backup may fail or be lost before it fails.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How long restic waits for a repository that is locked, in seconds, before the attempt fails.</summary>
    [Range(0, 86_400)]
    public int LockWaitSeconds { get; set; } = 60;

    /// <summary>The longest that an agent may take for a piece of an answer about a snapshot, in seconds.</summary>
    [Range(0.1, 3600)]
    public double QuestionSeconds { get; set; } = 60;

    /// <summary>How long it is remembered what is in a directory of a snapshot, in seconds; 0 is not at all.</summary>
    [Range(0, 86_400)]
    public double CacheSeconds { get; set; } = 1800;

    /// <summary>How many entries of snapshots are remembered.</summary>
    [Range(0, 100_000_000)]
    public int CacheEntries { get; set; } = 200_000;

    /// <summary>How often is looked what deserves an alert, in seconds.</summary>
    [Range(0.1, 3600)]
    public double AlertSeconds { get; set; } = 10;

    /// <summary>After this silence an agent with source groups raises an alert, in seconds.</summary>
    [Range(1, 31_536_000)]
    public double OfflineSeconds { get; set; } = 900;

    /// <summary>How long alerts that have resolved are kept, in days.</summary>
    [Range(1, 36_500)]
    public int KeepAlertDays { get; set; } = 90;
}
