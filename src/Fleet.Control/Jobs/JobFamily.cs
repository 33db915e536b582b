using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Jobs;

/// <summary>Jobs: every kind of work that is one unit with one outcome.</summary>
internal sealed class JobFamily(JobLifecycle lifecycle, WorkRowStore<Job> rows) : WorkFamily<Job>(lifecycle, rows)
{
    public const string Job = "job";

    public override string Name => Job;

    public override WorkScopes Scopes { get; } = new(Scope.JobsRead, Scope.JobsCreate, Scope.JobsUpdate);

    protected override object View(Job row, IEnumerable<ArtifactView> artifacts) => JobView.Of(row, artifacts);
}
