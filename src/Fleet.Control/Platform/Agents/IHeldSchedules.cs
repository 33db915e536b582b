using Fleet.Contracts.Agents;

namespace Fleet.Control.Platform.Agents;

/// <summary>Schedules that agents hold: what they are told, and what they say of them.</summary>
internal interface IHeldSchedules
{
    /// <summary>What the agent is to hold now.</summary>
    Task<HoldSchedules> Of(string agent, CancellationToken stop);

    /// <summary>The agent goes by this version from now on.</summary>
    /// <param name="at">When it began to, as it says; null where it does not.</param>
    Task Applied(string agent, long version, DateTimeOffset? at, CancellationToken stop);

    /// <summary>The agent says that a schedule was due. However often it says so, it is recorded once.</summary>
    /// <param name="due">When it was due, as the agent says: the seconds do not count.</param>
    Task<HeldFire> Fired(string agent, Guid schedule, DateTimeOffset due, CancellationToken stop);
}

/// <summary>What comes of an agent's word that a schedule was due.</summary>
internal enum HeldFire
{
    /// <summary>It is an occurrence, now or since it was said before.</summary>
    Recorded,

    /// <summary>The agent holds no such schedule.</summary>
    Unknown,

    /// <summary>The schedule has no such time, or not yet.</summary>
    NotDue,
}
