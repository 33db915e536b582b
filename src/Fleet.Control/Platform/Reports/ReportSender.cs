using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Knows who really sent a report: the broker stamps the exchange, and only one agent may write to it.
/// </summary>
internal sealed class ReportSender(SenderQuota quota, ILogger<ReportSender> logger)
{
    public bool Is(ConsumeContext context, string? agent)
    {
        if (!context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery))
            return true; // the in-memory bus has no senders
        if (agent is not null && delivery.Exchange == AgentAddress.Out(agent))
            return true;
        NoteForeign(context, agent);
        return false;
    }

    /// <summary>It is logged, a few times an hour, and changes nothing.</summary>
    public void NoteForeign(ConsumeContext context, string? agent)
    {
        var exchange = context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery) ? delivery.Exchange : "";
        if (quota.Keeps(exchange))
            BrokerLog.ForeignReport(logger, exchange, agent ?? "nobody");
    }
}
