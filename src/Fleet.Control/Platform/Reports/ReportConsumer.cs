using Fleet.Contracts.Agents;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>Reports that come by the bus: the exchange says who sent one, and the agent hears that it is stored.</summary>
internal sealed class ReportConsumer(ReportIntake intake, ReportAcks acks, ReportSender sender)
    : IConsumer<AgentReport>, IAgentMessageHandler<AgentReport>
{
    public Task Consume(ConsumeContext<AgentReport> context) =>
        Take(context.Message, ReportSender.ExchangeOf(context), context.CancellationToken);

    public async Task Take(AgentReport said, string? exchange, CancellationToken stop)
    {
        if (!sender.Is(exchange, said.Agent) || said.Attempts is null || said.Attempts.Any(item => item is null))
            return;
        if (!await intake.Take(said, stop))
        {
            sender.NoteForeign(exchange, said.Agent);
            return;
        }

        await acks.Tell(said.Agent, new ReportStored(said.Session, said.Number), stop);
    }
}
