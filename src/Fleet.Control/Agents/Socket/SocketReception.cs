using Fleet.Contracts.Agents;
using Fleet.Contracts.Backups;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Socket.Frames;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Reports;
using Fleet.Protocol.AgentSocket;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Socket;

/// <summary>Lets an agent in that has connected: after a hello as it has to be, as a new session of it.</summary>
internal sealed class SocketReception(
    SessionRegistrar registrar,
    CarriedJobs carried,
    ReportIntake intake,
    SocketSettings settings,
    SocketClock clock,
    ILogger<SocketReception> logger)
{
    /// <summary>Null when the agent cannot be let in; it was told so.</summary>
    /// <param name="help">Where agents that are too old are sent to.</param>
    public async Task<SocketSession?> Receive(string agent, SocketFrames frames, string help) =>
        await Greet(frames, help) is { } hello ? await Admit(agent, hello, frames) : null;

    /// <summary>Null when the agent did not say hello as it has to; it was told so.</summary>
    private async Task<HelloMessage?> Greet(SocketFrames frames, string help)
    {
        await using var limit = clock.Time.CreateTimer(
            _ => Refuse(frames, new ServerFault(WireFaults.BadRequest, $"hello must come within {settings.HelloSeconds} s")),
            null,
            TimeSpan.FromSeconds(settings.HelloSeconds),
            Timeout.InfiniteTimeSpan);
        using var first = await frames.Receive();
        if (first is null || frames.HasEnded)
            return null;
        try
        {
            using var document = SocketText.Parse(first);
            var envelope = Envelope.Read(document);
            return envelope.Type == HelloMessage.Type
                ? HelloMessage.Read(envelope)
                : throw new WireFaultException(WireFaults.BadRequest, "first message must be hello");
        }
        catch (WireFaultException fault)
        {
            Refuse(frames, new ServerFault(fault.Code, fault.Message, fault.Code == WireFaults.ProtocolTooOld ? help : null));
            return null;
        }
    }

    private static void Refuse(SocketFrames frames, ServerFault fault) =>
        frames.End(Goodbye.Refused(fault.Message.Length <= 100 ? fault.Message : fault.Code), fault.Write(null));

    /// <summary>Null when the agent cannot be let in; it was told so.</summary>
    private async Task<SocketSession?> Admit(string agent, HelloMessage hello, SocketFrames frames)
    {
        var said = Registration(hello);
        if (AgentRules.Check(agent, said) is { Count: > 0 } wrong)
        {
            Refuse(frames, new ServerFault(WireFaults.BadRequest, $"payload.{wrong.First().Key}: {wrong.First().Value[0]}"));
            return null;
        }

        try
        {
            var jobs = new HeldJobs(clock);
            await carried.Into(jobs, agent, frames.Ended);
            if (await registrar.ReceiveHere(agent, said, frames.Ended) is not (Hello.New or Hello.Again))
            {
                frames.End(Goodbye.Refused("this agent is revoked"));
                return null;
            }

            var reports = new SocketReports(agent, said.Session, jobs, intake, clock, logger);
            SocketLog.Connected(logger, agent, hello.ProtocolVersion, LogText.Clean(hello.AgentVersion));
            return new SocketSession(agent, said.Session, hello, frames, jobs, reports, clock);
        }
        catch (Exception failure) when (!frames.HasEnded)
        {
            SocketLog.NotLetIn(logger, agent, failure.Message);
            frames.End(Goodbye.Later("the broker or the database cannot be reached"));
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private AgentRegistration Registration(HelloMessage hello) => new(
        WireId.New(),
        hello.AgentVersion,
        hello.Hostname,
        hello.Os,
        hello.Arch,
        new Dictionary<string, int> { [BackupKinds.Capability] = settings.BackupSlots },
        new Dictionary<string, string> { [AgentChannel.Label] = AgentChannel.Socket, ["restic_version"] = hello.ResticVersion });
}
