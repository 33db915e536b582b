namespace Fleet.Chaos.Load;

/// <summary>What a job does, and so how it has to end when nothing is broken.</summary>
internal enum Behaviour
{
    /// <summary>Nothing; there is no child process.</summary>
    Noop,

    /// <summary>Writes numbered lines for less than a second.</summary>
    Short,

    /// <summary>Writes numbered lines for some seconds, with progress.</summary>
    Medium,

    /// <summary>Runs for longer than a lease.</summary>
    Long,

    /// <summary>Writes many lines at once.</summary>
    Loud,

    /// <summary>Leaves a file and a result.</summary>
    Artifact,

    /// <summary>Fails at first, and succeeds at the second try.</summary>
    FailsOnce,

    /// <summary>Fails at every try.</summary>
    Fails,

    /// <summary>Runs longer than it may.</summary>
    TimesOut,

    /// <summary>Is cancelled by its client after a while.</summary>
    Cancelled,

    /// <summary>Kills the agent that runs it.</summary>
    Poison,
}
