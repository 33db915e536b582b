using Fleet.Contracts.Jobs;
using MassTransit;

namespace Fleet.Worker.Jobs;

/// <summary>
/// Accepts attempts; the delivery is acknowledged when that is on disk. The work itself runs elsewhere: a broker ends
/// consumers that hold a delivery for long.
/// </summary>
internal sealed class RunJobsConsumer(JobDesk desk) : IConsumer<RunJobs>
{
    public Task Consume(ConsumeContext<RunJobs> context) => desk.Accept(context.Message.Jobs);
}
