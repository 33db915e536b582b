using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Reports;
using MassTransit;

namespace Fleet.Control.Agents;

/// <summary>An agent is alive: its leases are renewed.</summary>
internal sealed class RecordBeatsConsumer(AgentShelf agents, ReportSender sender) : IConsumer<AgentBeat>
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
        await agents.Beat(beat, context.CancellationToken);
    }
}
