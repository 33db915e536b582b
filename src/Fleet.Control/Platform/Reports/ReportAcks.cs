using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Broker;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Tells agents what is stored. One that is lost makes the agent say the same again, so no failure here, and no end of
/// this process, makes a dead letter of what is stored.
/// </summary>
internal sealed class ReportAcks(IAgentChannel agents, ILogger<ReportAcks> logger)
{
    public async Task Tell(string agent, object receipt, CancellationToken stop)
    {
        try
        {
            await agents.Tell(agent, receipt, stop);
        }
        catch (Exception failure)
        {
            BrokerLog.ReceiptNotSent(logger, agent, failure.Message);
        }
    }
}
