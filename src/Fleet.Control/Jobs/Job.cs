using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Jobs;

/// <summary>One unit of work with one outcome. What it is to do is its kind's; nothing of its row is its own.</summary>
internal sealed class Job : WorkRow
{
    public Job() => Family = JobFamily.Job;

    public override DomainEvent EventOf(string state, DateTimeOffset now) => JobEventPayload.Of(this, state, now);
}
