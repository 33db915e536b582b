using Fleet.Contracts.Agents;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Agents;

/// <summary>
/// Says regularly that this agent lives and what it has in hand. Attempts run in processes and wait without holding
/// threads of the pool, so that no amount of work delays a beat.
/// </summary>
internal sealed class Heartbeat(AgentSession session, WorkInHand work, IOutExchange exchange, ILogger<Heartbeat> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await session.Known.WaitAsync(stoppingToken);
        for (long number = 1; ; number++)
        {
            await session.BeatDue.Wait(TimeSpan.FromSeconds(session.Welcome.HeartbeatSeconds), stoppingToken);
            await Beat(number, stoppingToken);
        }
    }

    private async Task Beat(long number, CancellationToken stop)
    {
        try
        {
            var beat = new AgentBeat(session.Agent, session.Id, number, work.Names());
            await exchange.Send(beat, Guid.CreateVersion7(), stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.BeatNotSent(number, failure.Message);
        }
    }
}
