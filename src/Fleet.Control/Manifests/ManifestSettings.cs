using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Manifests;

/// <summary>Manifests, executions and their results: section <c>Manifests</c>.</summary>
public sealed class ManifestSettings
{
    /// <summary>An execution on more agents needs the token that its dry run gave.</summary>
    [Range(1, 1_000_000)]
    public int ConfirmOverAgents { get; set; } = 100;

    /// <summary>How long such a token holds, in seconds.</summary>
    [Range(1, 86_400)]
    public double ConfirmWithinSeconds { get; set; } = 900;

    /// <summary>How often the Control that leads looks for waves that may begin, in seconds.</summary>
    [Range(0.05, 60)]
    public double RolloutSeconds { get; set; } = 1;

    /// <summary>How often a watched execution is looked at, in seconds.</summary>
    [Range(0.05, 60)]
    public double WatchSeconds { get; set; } = 0.5;

    /// <summary>Of each of a run's two streams, so many bytes at its beginning are kept as its result.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int OutputBytes { get; set; } = 1024 * 1024;

    /// <summary>How often a schedule looks which agents are without a success that is young enough, in seconds.</summary>
    [Range(0.1, 86_400)]
    public double ReconcileSeconds { get; set; } = 60;

    /// <summary>How often a schedule that follows events looks what has happened on agents, in seconds.</summary>
    [Range(0.1, 3600)]
    public double EventSeconds { get; set; } = 2;

    /// <summary>A time of a calendar at which nobody could start anything is made up for so many seconds later at most.</summary>
    [Range(1, 86_400)]
    public double CatchUpSeconds { get; set; } = 300;

    /// <summary>An agent that cannot be asked, and was not heard for so many seconds, is silent.</summary>
    [Range(1, 3600)]
    public double SilentSeconds { get; set; } = 25;

    /// <summary>How long an agent may take to say that it is there when somebody asks for the output of a run, in seconds.</summary>
    [Range(0.1, 60)]
    public double TailSeconds { get; set; } = 2.5;

    /// <summary>How long an agent may take to give its log, in seconds.</summary>
    [Range(0.1, 60)]
    public double LogSeconds { get; set; } = 10;

    /// <summary>Results, and executions that are over, are removed after so many days.</summary>
    [Range(1, 36_500)]
    public double KeepDays { get; set; } = 90;
}
