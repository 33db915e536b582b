using System.ComponentModel.DataAnnotations;

namespace Fleet.Worker.Backups;

/// <summary>How an agent makes backups: section <c>Worker:Backups</c>.</summary>
public sealed class ResticSettings
{
    /// <summary>The program: a path, or a name in PATH.</summary>
    [Required]
    public string Restic { get; set; } = "restic";

    /// <summary>Where it keeps what it need not fetch again; empty means in the work directory.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>
    /// Whether scripts around backups run as this agent, with all its rights, such as to dump a database of the host: then who may
    /// write source groups rules this host. Otherwise they run as jobs of their tenant do.
    /// </summary>
    public bool HooksAsAgent { get; set; }

    /// <summary>KiB a second that each backup may send at most; null means as much as it can.</summary>
    [Range(1, int.MaxValue)]
    public int? UploadKibPerSecond { get; set; }

    /// <summary>KiB a second that each backup or restore may fetch at most; null means as much as it can.</summary>
    [Range(1, int.MaxValue)]
    public int? DownloadKibPerSecond { get; set; }

    /// <summary>How long it may go on trying to reach a repository before the attempt fails.</summary>
    [Range(0, 86_400)]
    public double PatienceSeconds { get; set; } = 120;

    /// <summary>How often it is counted how large a repository is, after backups.</summary>
    [Range(0, 31_536_000)]
    public double StatsSeconds { get; set; } = 21_600;

    /// <summary>How many questions about what is in snapshots are answered at once.</summary>
    [Range(1, 100)]
    public int Readers { get; set; } = 4;
}
