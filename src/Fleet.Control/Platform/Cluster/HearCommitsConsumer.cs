using Fleet.Contracts.Platform;
using MassTransit;

namespace Fleet.Control.Platform.Cluster;

/// <summary>Another Control process committed something.</summary>
internal sealed class HearCommitsConsumer(ClusterNotifier wakes, AgentsChanged agents, ControlIdentity self) : IConsumer<CommitNotice>
{
    public Task Consume(ConsumeContext<CommitNotice> context)
    {
        wakes.Heard(context.Message);
        if (context.Message.AgentsChanged && context.Message.From != self.Id)
            agents.Heard();
        return Task.CompletedTask;
    }
}
