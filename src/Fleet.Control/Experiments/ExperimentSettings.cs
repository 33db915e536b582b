using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Experiments;

/// <summary>What commits and runs may take: section <c>Experiments</c>.</summary>
public sealed class ExperimentSettings
{
    /// <summary>Bytes of all files of one commit, unpacked. The default is 1 GiB.</summary>
    [Range(1, 1L << 40)]
    public long MaxCommitBytes { get; set; } = 1L << 30;

    /// <summary>How many files one commit may have.</summary>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Bytes that are stored and read at a time; also what one transfer holds in memory.</summary>
    [Range(4 * 1024, 1024 * 1024)]
    public int ChunkBytes { get; set; } = 512 * 1024;

    /// <summary>Content that no commit has, and that nobody worked on for so long, is deleted.</summary>
    [Range(1, 10_000)]
    public double AbandonedMinutes { get; set; } = 60;

    /// <summary>How long metrics that belong to no run, but to a key, are kept after the last one of their name.</summary>
    [Range(1, 36_500)]
    public int KeyMetricDays { get; set; } = 90;

    /// <summary>How many series one run may have.</summary>
    [Range(1, 1_000_000)]
    public int MaxSeries { get; set; } = 10_000;
}
