using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Notebooks;

/// <summary>Notebooks: section <c>Notebooks</c>.</summary>
internal sealed class NotebookSettings
{
    /// <summary>How long a start may wait for its agent until it is given up.</summary>
    [Range(1, 31_536_000)]
    public double StartSeconds { get; set; } = 600;

    /// <summary>How long the removal of files waits for an agent that is away.</summary>
    [Range(1, 31_536_000)]
    public double PurgeSeconds { get; set; } = 7_776_000;

    /// <summary>How long an agent may take to join a connection to a notebook.</summary>
    [Range(0.1, 3600)]
    public double TunnelSeconds { get; set; } = 15;

    /// <summary>How long an agent may take to list its packages.</summary>
    [Range(0.1, 3600)]
    public double PackagesSeconds { get; set; } = 20;

    /// <summary>Connections to one notebook at once, from one Control.</summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = 64;

    /// <summary>How long a connection that nobody uses is kept for the next request.</summary>
    [Range(1, 3600)]
    public double KeepSeconds { get; set; } = 30;
}
