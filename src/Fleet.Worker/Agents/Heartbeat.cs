using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Agents;

/// <summary>
/// Says regularly that this agent lives and what it has in hand, on a thread of its own, so that nothing that keeps the
/// others busy delays a beat. The last beat says that this process is going.
/// </summary>
internal sealed class Heartbeat(AgentSession session, WorkInHand work, IOutExchange exchange, BrokerReach broker, ILogger<Heartbeat> log)
    : IHostedService, IDisposable
{
    private const int SmallStack = 256 * 1024;

    /// <summary>One that nobody answers is followed sooner: whoever answers again is not to find the lease nearly over.</summary>
    private const int Quarters = 4;

    private static readonly TimeSpan _patienceForGoodbye = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopped = new();
    private Thread? _thread;
    private long _number;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Serve, SmallStack) { IsBackground = true, Name = "heartbeat" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopped.CancelAsync();
        _thread?.Join();
        if (!session.Known.IsCompleted)
            return;
        session.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patienceForGoodbye);
        await Beat(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopped.Dispose();

    private void Serve()
    {
        try
        {
            session.Known.Wait(_stopped.Token);
            while (true)
            {
                var quarter = TimeSpan.FromSeconds(session.Welcome.HeartbeatSeconds / Quarters);
                for (var passed = 0; passed < Quarters; passed++)
                {
                    if (session.BeatDue.Wait(quarter, _stopped.Token).GetAwaiter().GetResult() || !session.Lease.IsAnswered)
                        break;
                }

                Beat(_stopped.Token).GetAwaiter().GetResult();
            }
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // this process stops
        }
    }

    private async Task Beat(CancellationToken stop)
    {
        var number = ++_number;
        try
        {
            var isClosing = session.IsClosing; // asked first: what is accepted after it does not start
            var beat = new AgentBeat(session.Agent, session.Id, number, work.Names(), isClosing);
            session.Lease.Sending(number);
            await exchange.Send(beat, Guid.CreateVersion7(), stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            if (broker.Trouble is null) // else it is said already
                log.BeatNotSent(number, failure.Message);
        }
    }
}
