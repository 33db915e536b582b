using Fleet.Contracts.Attempts;

namespace Fleet.Worker.Attempts;

/// <summary>
/// Does the work of one kind and yields what happens. It knows nothing of the bus, and carries nothing from one attempt
/// to the next.
/// </summary>
internal interface IExecutor
{
    /// <summary>As commands to run an attempt name it.</summary>
    string Kind { get; }

    /// <summary>
    /// Whether it starts processes: then each attempt has a directory, and what kills its processes when the lease is
    /// over is there before they are.
    /// </summary>
    bool StartsProcesses => false;

    /// <summary>
    /// Whether its processes do what somebody else wrote, and so run as the user of their tenant. False for tools of the
    /// agent's own choice that need its rights, such as one that reads every file of the host.
    /// </summary>
    bool SwitchesUser => StartsProcesses;

    /// <summary>
    /// Whether it opens the attempt's directory itself, when all that this agent puts there is there: other processes of the
    /// tenant's user could change it under the agent's hands.
    /// </summary>
    bool PreparesDirectory => false;

    /// <summary>
    /// How every attempt ends, where nothing is to be waited for: its start and its end are told together, without a
    /// task of its own. Null means that attempts are run.
    /// </summary>
    AttemptResult? ResultAtOnce => null;

    /// <summary>
    /// Runs the attempt. Nothing happens before the first event is asked for; after that it runs no faster than its
    /// events are taken, and never outlives the last.
    /// </summary>
    /// <exception cref="UnreadableSpecException">It is not told in the words of this kind.</exception>
    IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt);
}
