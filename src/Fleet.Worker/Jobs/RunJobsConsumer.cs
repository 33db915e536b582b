using Fleet.Contracts.Jobs;
using MassTransit;

namespace Fleet.Worker.Jobs;

/// <summary>
/// Accepts attempts. The work itself runs elsewhere: a broker ends consumers that hold a delivery for long.
/// </summary>
internal sealed class RunJobsConsumer(JobDesk desk) : IConsumer<RunJobs>
{
    public Task Consume(ConsumeContext<RunJobs> context)
    {
        foreach (var run in context.Message.Jobs)
            desk.Accept(run);
        return Task.CompletedTask;
    }
}
