using Fleet.Contracts.Backups;
using MassTransit;

namespace Fleet.Worker.Backups.Questions;

/// <summary>Somebody looks into a snapshot. The work itself happens elsewhere, so that the queue goes on.</summary>
internal sealed class ReadSnapshotConsumer(SnapshotQuestions questions) : IConsumer<ReadSnapshot>
{
    public Task Consume(ConsumeContext<ReadSnapshot> context)
    {
        questions.Take(context.Message);
        return Task.CompletedTask;
    }
}
