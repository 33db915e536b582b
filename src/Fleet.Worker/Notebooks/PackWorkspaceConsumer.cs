using Fleet.Contracts.Notebooks;
using MassTransit;

namespace Fleet.Worker.Notebooks;

/// <summary>Somebody wants the files of a notebook. They are sent elsewhere, so that the queue goes on.</summary>
internal sealed class PackWorkspaceConsumer(NotebookTunnels tunnels) : IConsumer<PackWorkspace>
{
    public Task Consume(ConsumeContext<PackWorkspace> context)
    {
        tunnels.Take(context.Message);
        return Task.CompletedTask;
    }
}
