using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Artifacts;

/// <summary>What work may leave: section <c>Artifacts</c>.</summary>
public sealed class ArtifactSettings
{
    /// <summary>Bytes of the largest artifact. The default is 1 GiB.</summary>
    [Range(1, 1L << 40)]
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>How many artifacts one piece of work may have.</summary>
    [Range(1, 100_000)]
    public int MaxPerOwner { get; set; } = 1000;

    /// <summary>Bytes that are stored and read at a time; also what one transfer holds in memory.</summary>
    [Range(64 * 1024, 1024 * 1024)]
    public int ChunkBytes { get; set; } = 512 * 1024;

    /// <summary>Database connections that all transfers of one process share.</summary>
    [Range(1, 100)]
    public int MaxConnections { get; set; } = 6;

    /// <summary>An incomplete upload that nobody worked on for so long is deleted.</summary>
    [Range(1, 10_000)]
    public double AbandonedMinutes { get; set; } = 60;

    /// <summary>How often that is looked for.</summary>
    [Range(1, 3600)]
    public double SweepSeconds { get; set; } = 60;
}
