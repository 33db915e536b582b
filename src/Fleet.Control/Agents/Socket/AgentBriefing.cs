using Fleet.Contracts.Agents;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Backups;
using Fleet.Protocol.AgentSocket;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Socket;

/// <summary>What an agent is told right after its hello, before any command: its repositories, and the schedules it holds.</summary>
internal sealed class AgentBriefing(IAgentRepositories repositories, IHeldSchedules schedules)
{
    public async Task Give(SocketSession session)
    {
        foreach (var repository in await repositories.Of(session.Agent, session.Frames.Ended))
        {
            if (repository.Admin is { } admin)
                await Tell(session, repository.Id, ConfigUpdate.Admin, admin);
            await Tell(session, repository.Id, ConfigUpdate.Everyday, repository.Everyday);
        }

        await Tell(session, await schedules.Of(session.Agent, session.Frames.Ended));
    }

    /// <summary>All schedules that the agent holds; what it held before it forgets.</summary>
    public static Task Tell(SocketSession session, HoldSchedules held) => session.Frames.Send(
        new ScheduleSet(
            held.Version,
            [.. held.Schedules.Select(one => new HeldSchedule(one.ScheduleId, one.Cron, one.IsEnabled))])
        .Write(WireId.Format(WireId.New())));

    /// <summary>Says it unless the agent knows it.</summary>
    /// <param name="repository">Its id on the wire.</param>
    public static async Task Tell(SocketSession session, string repository, string slot, RepositoryCredentials credentials)
    {
        var update = new ConfigUpdate(slot, credentials.Url, credentials.Password, credentials.Env.Count > 0 ? credentials.Env : null);
        if (session.Configuration.IsNew(repository, update))
            await session.Frames.Send(update.Write(WireId.Format(WireId.New())));
    }
}
