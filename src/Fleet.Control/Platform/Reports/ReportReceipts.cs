using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Hosting;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Tells agents what is stored. One that is lost makes the agent say the same again, so no failure here, and no end of
/// this process, makes a dead letter of what is stored.
/// </summary>
internal sealed class ReportReceipts(BusSender bus, ILogger<ReportReceipts> logger)
{
    public async Task Tell(string agent, object receipt, CancellationToken stop)
    {
        try
        {
            await bus.Tell(AgentAddress.ExchangeOf(agent), receipt, stop);
        }
        catch (Exception failure)
        {
            BrokerLog.ReceiptNotSent(logger, agent, failure.Message);
        }
    }
}
