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
    /// <returns>False when the agent holds no such schedule.</returns>
    Task<bool> Fired(string agent, Guid schedule, DateTimeOffset due, CancellationToken stop);
}
