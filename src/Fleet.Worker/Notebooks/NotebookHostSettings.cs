using System.ComponentModel.DataAnnotations;

namespace Fleet.Worker.Notebooks;

/// <summary>How an agent has notebooks: section <c>Worker:Notebooks</c>.</summary>
public sealed class NotebookHostSettings
{
    /// <summary>The program: a path, or a name in PATH.</summary>
    [Required]
    public string Jupyter { get; set; } = "jupyter-server";

    /// <summary>Seconds after which a kernel that nobody uses ends, and a server without kernels; 0 means never.</summary>
    [Range(0, 31_536_000)]
    public int IdleSeconds { get; set; } = 28_800;

    /// <summary>How long a server may take until it listens.</summary>
    [Range(1, 3600)]
    public double StartSeconds { get; set; } = 60;

    /// <summary>Connections to notebooks of this agent at once; further ones are not made.</summary>
    [Range(1, 10_000)]
    public int MaxTunnels { get; set; } = 512;

    /// <summary>Of these, those to one notebook.</summary>
    [Range(1, 10_000)]
    public int MaxTunnelsEach { get; set; } = 128;
}
