using Fleet.Contracts.Agents;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>Reports that come by the bus: its exchange says who sent one, and the agent hears that it is stored.</summary>
internal sealed class ReportConsumer(ReportIntake intake, ReportAcks acks, ReportSender sender) : IConsumer<AgentReport>
{
    public async Task Consume(ConsumeContext<AgentReport> context)
    {
        var report = context.Message;
        if (!sender.Is(context, report.Agent) || report.Attempts is null || report.Attempts.Any(item => item is null))
            return;
        if (!await intake.Take(report, context.CancellationToken))
        {
            sender.NoteForeign(context, report.Agent);
            return;
        }

        await acks.Tell(report.Agent, new ReportStored(report.Session, report.Number), context.CancellationToken);
    }
}
