using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work.Attempts;

namespace Fleet.Control.Agents.Sessions;

/// <summary>An agent is alive, whichever way it says so: its leases are renewed.</summary>
internal sealed class BeatIntake(AgentStore agents, LeaseWatch leases, WorkSignal work)
{
    /// <param name="silence">How long ago the agent itself was heard.</param>
    /// <returns>False when the session is not the present one, or a later beat was stored already.</returns>
    public async Task<bool> Take(AgentBeat beat, TimeSpan silence, CancellationToken stop)
    {
        if (!await agents.Beat(beat, silence, stop))
            return false;
        if (beat.Number > 1 && !beat.Closing)
            return true;
        leases.LookNow(); // the first beat of a session says what was lost with the one before
        work.Set();
        return true;
    }
}
