using Fleet.Contracts.Notebooks;
using MassTransit;

namespace Fleet.Worker.Notebooks;

/// <summary>Somebody wants to speak to a notebook. The tunnel is made elsewhere, so that the queue goes on.</summary>
internal sealed class OpenTunnelConsumer(NotebookTunnels tunnels) : IConsumer<OpenTunnel>
{
    public Task Consume(ConsumeContext<OpenTunnel> context)
    {
        tunnels.Take(context.Message);
        return Task.CompletedTask;
    }
}
