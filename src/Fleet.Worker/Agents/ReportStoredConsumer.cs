using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>Control has stored a report: the next one may go.</summary>
internal sealed class ReportStoredConsumer(AgentSession session, Reporter reporter) : IConsumer<ReportStored>
{
    public Task Consume(ConsumeContext<ReportStored> context)
    {
        if (context.Message.Session == session.Id)
            reporter.Confirm(context.Message.Number);
        return Task.CompletedTask;
    }
}
