using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using MassTransit;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Knows who really sent a report: the broker stamps the exchange, and only one agent may write to it.
/// </summary>
internal sealed class ReportSender(SenderQuota quota, ILogger<ReportSender> logger)
{
    /// <summary>Null where the bus has no exchanges, as the one in memory.</summary>
    public static string? ExchangeOf(ConsumeContext context) =>
        context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery) ? delivery.Exchange : null;

    public bool Is(string? exchange, string? agent)
    {
        if (exchange is null)
            return true; // the in-memory bus has no senders
        if (agent is not null && exchange == AgentAddress.Out(agent))
            return true;
        NoteForeign(exchange, agent);
        return false;
    }

    /// <summary>It is logged, a few times an hour, and changes nothing.</summary>
    public void NoteForeign(string? exchange, string? agent)
    {
        if (quota.Keeps(exchange ?? ""))
            BrokerLog.ForeignReport(logger, exchange ?? "", agent ?? "nobody");
    }
}
