using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using MassTransit;

namespace Fleet.Control.Agents.Sessions;

/// <summary>Beats that come by the bus: the agent hears that its leases are renewed.</summary>
internal sealed class RecordBeatsConsumer(
    BeatIntake beats, ReportSender sender, ReportAcks receipts, ILogger<AgentStore> logger)
    : IConsumer<AgentBeat>, IAgentMessageHandler<AgentBeat>
{
    /// <summary>More than any host's slots; what names more is not believed.</summary>
    private const int MostInHand = 20_000;

    public Task Consume(ConsumeContext<AgentBeat> context) =>
        Take(context.Message, ReportSender.ExchangeOf(context), context.CancellationToken);

    public async Task Take(AgentBeat said, string? exchange, CancellationToken stop)
    {
        if (!sender.Is(exchange, said.Agent)
            || said.InHand is null or { Count: > MostInHand }
            || said.InHand.Any(attempt => attempt is null))
            return;
        if (await TryStore(said, stop))
            await receipts.Tell(said.Agent, new BeatStored(said.Session, said.Number), stop);
    }

    /// <summary>While the database is away a beat is worth nothing: the agent hears no answer and sends others.</summary>
    private async Task<bool> TryStore(AgentBeat beat, CancellationToken stop)
    {
        try
        {
            return await beats.Take(beat, TimeSpan.Zero, stop);
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            AgentLog.BeatNotStored(logger, beat.Agent, failure.Message);
            return false;
        }
    }
}
