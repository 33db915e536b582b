using System.Net.WebSockets;
using Fleet.Contracts.Agents;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Socket.Frames;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Hosting.Stops;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Agents.Socket;

/// <summary>
/// Serves one connection of an agent from hello to goodbye. While it lives this process is the agent's half on the bus: it reads the
/// agent's queue, beats for it, and reports for it; nothing behind knows how the agent is reached.
/// </summary>
internal sealed class SocketServer(
    SocketReception reception,
    BeatIntake beats,
    AgentQueues queues,
    OpenSockets sockets,
    AgentBriefing briefing,
    AgentCommands commands,
    AgentWords words,
    LargeMessages large,
    SenderQuota quota,
    LeaseSettings leases,
    SocketSettings settings,
    SocketClock clock,
    Leaving leaving,
    ILogger<SocketServer> logger)
{
    /// <summary>Returns when the connection is over.</summary>
    /// <param name="help">Where agents that are too old are sent to.</param>
    public async Task Serve(WebSocket socket, string agent, string help)
    {
        using var frames = new SocketFrames(socket, large, settings, clock);
        await using var stopping = leaving.Over.UnsafeRegister(_ => frames.End(Goodbye.Stopping), null);
        sockets.Enter();
        try
        {
            if (await reception.Receive(agent, frames, help) is { } session)
                await Live(session);
        }
        finally
        {
            frames.End(Goodbye.Gone);
            while (await frames.Receive() is { } late)
                late.Dispose();
            await frames.Closed();
            sockets.Leave();
        }
    }

    private async Task Live(SocketSession session)
    {
        sockets.Add(session);
        var reporting = Until(session, async () =>
        {
            if (!await session.Reports.Run(CancellationToken.None))
                session.Frames.End(Goodbye.Refused("another connection of this agent has come"));
        });
        var serving = Until(session, () => Tell(session));
        try
        {
            await Hear(session);
        }
        finally
        {
            session.Frames.End(Goodbye.Gone);
            sockets.Remove(session);
            session.Reports.Complete();
            await serving;
            await reporting;
            await TryBeat(session, isClosing: true); // what has not begun will not begin here; the rest has its lease to come back in
            SocketLog.Gone(logger, session.Agent, session.Frames.Why is { Reason.Length: > 0 } why ? why.Reason : "it hung up");
        }
    }

    /// <summary>Before any command the agent is told what it has to know; from then on what lies in its queue.</summary>
    private async Task Tell(SocketSession session)
    {
        await briefing.Give(session);
        var beating = Until(session, () => Beat(session));
        await queues.Read(session.Agent, body => commands.Take(session, body), session.Frames.Ended);
        await beating;
    }

    private async Task Beat(SocketSession session)
    {
        while (!session.Frames.HasEnded)
        {
            if (session.Silence >= TimeSpan.FromSeconds(leases.OfflineSeconds))
            {
                session.Frames.End(Goodbye.Refused($"no heartbeat for {leases.OfflineSeconds} s"));
                return;
            }

            var changed = session.HandChanged;
            if (!await TryBeat(session, isClosing: false))
                await sockets.EndIfLost(session);
            await Task.WhenAny(changed, clock.Wait(leases.HeartbeatSeconds, session.Frames.Ended));
        }
    }

    private async Task<bool> TryBeat(SocketSession session, bool isClosing)
    {
        var beat = new AgentBeat(session.Agent, session.Id, session.NextBeat(), session.Jobs.Named(), isClosing);
        try
        {
            return await beats.Take(beat, session.Silence, CancellationToken.None);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            SocketLog.NotStored(logger, session.Agent, failure.Message);
            return true; // the next one may be
        }
    }

    private async Task Hear(SocketSession session)
    {
        var pace = new MessagePace(settings, clock);
        while (await session.Frames.Receive() is { } message)
        {
            using (message)
            {
                if (session.Frames.HasEnded)
                    continue;
                try
                {
                    await pace.Take(session.Frames.Ended);
                    await Take(session, message);
                }
                catch (OperationCanceledException) when (session.Frames.HasEnded)
                {
                    // the end came while it was worked on
                }
            }
        }
    }

    private async Task Take(SocketSession session, SocketMessage message)
    {
        string? id = null;
        try
        {
            using var document = SocketText.Parse(message);
            var envelope = Envelope.Read(document);
            id = envelope.Id;
            await words.Take(session, AgentMessage.Of(envelope));
        }
        catch (WireFaultException fault)
        {
            if (quota.Keeps(AgentAddress.Out(session.Agent)))
                SocketLog.Fault(logger, session.Agent, LogText.Clean(fault.Message));
            await session.Frames.Send(new ServerFault(fault.Code, fault.Message).Write(id));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            SocketLog.NotStored(logger, session.Agent, failure.Message);
            var fault = new ServerFault(WireFaults.Unavailable, "This cannot be stored at the moment; say it again later.");
            await session.Frames.Send(fault.Write(id));
        }
    }

    /// <summary>A part of a connection's work: its end is the connection's.</summary>
    private async Task Until(SocketSession session, Func<Task> work)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (session.Frames.HasEnded)
        {
            // the connection is over
        }
        catch (Exception failure)
        {
            SocketLog.NotStored(logger, session.Agent, failure.Message);
            session.Frames.End(Goodbye.Later("something went wrong here"));
        }
    }
}
