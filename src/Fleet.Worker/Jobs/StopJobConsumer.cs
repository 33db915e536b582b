using Fleet.Contracts.Jobs;
using MassTransit;

namespace Fleet.Worker.Jobs;

/// <summary>Passes the wish to end an attempt on.</summary>
internal sealed class StopJobConsumer(JobDesk desk) : IConsumer<StopJob>
{
    public Task Consume(ConsumeContext<StopJob> context)
    {
        desk.Stop(context.Message);
        return Task.CompletedTask;
    }
}
