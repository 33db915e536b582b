using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using MassTransit;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>An agent says what its upstreams have: work may wait for just that.</summary>
internal sealed class RecordUpstreamsConsumer(
    UpstreamStore upstreams, ReportSender sender, AgentsChanged changed, ILogger<AgentStore> logger)
    : IConsumer<AgentUpstreams>, IAgentMessageHandler<AgentUpstreams>
{
    public Task Consume(ConsumeContext<AgentUpstreams> context) =>
        Take(context.Message, ReportSender.ExchangeOf(context), context.CancellationToken);

    public async Task Take(AgentUpstreams said, string? exchange, CancellationToken stop)
    {
        if (!sender.Is(exchange, said.Agent) || said.Agent is null)
            return;
        try
        {
            if (await upstreams.Store(said, stop) == true)
                changed.Tell();
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            AgentLog.UpstreamsNotStored(logger, said.Agent, failure.Message); // it says the same again and again
        }
    }
}
