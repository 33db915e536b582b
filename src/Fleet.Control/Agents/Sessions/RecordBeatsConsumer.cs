using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Platform.Work.Attempts;
using MassTransit;

namespace Fleet.Control.Agents.Sessions;

/// <summary>An agent is alive: its leases are renewed, and it hears that they are.</summary>
internal sealed class RecordBeatsConsumer(
    AgentStore agents,
    ReportSender sender,
    ReportAcks receipts,
    LeaseWatch leases,
    WorkSignal work,
    ILogger<AgentStore> logger) : IConsumer<AgentBeat>
{
    /// <summary>More than any host's slots; what names more is not believed.</summary>
    private const int MostInHand = 20_000;

    public async Task Consume(ConsumeContext<AgentBeat> context)
    {
        var beat = context.Message;
        if (!sender.Is(context, beat.Agent)
            || beat.InHand is null or { Count: > MostInHand }
            || beat.InHand.Any(attempt => attempt is null))
            return;
        if (!await TryStore(beat, context.CancellationToken))
            return;
        await receipts.Tell(beat.Agent, new BeatStored(beat.Session, beat.Number), context.CancellationToken);
        if (beat.Number > 1 && !beat.Closing)
            return;
        leases.LookNow(); // the first beat of a session says what was lost with the one before
        work.Set();
    }

    /// <summary>While the database is away a beat is worth nothing: the agent hears no answer and sends others.</summary>
    private async Task<bool> TryStore(AgentBeat beat, CancellationToken stop)
    {
        try
        {
            return await agents.Beat(beat, stop);
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            AgentLog.BeatNotStored(logger, beat.Agent, failure.Message);
            return false;
        }
    }
}
