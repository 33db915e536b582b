using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Puts together what is known of a run.</summary>
internal sealed class RunReader(RunLookup lookup, RunStore stories, CommitStore commits, SeriesReader series)
{
    /// <summary>By id, commit or name; null when there is none for this caller.</summary>
    public async Task<RunView?> Find(string called, Caller caller, CancellationToken stop) =>
        await lookup.FindRun(called, caller, stop) is { } job ? await Read(job, stop) : null;

    public async Task<RunView> Read(WorkRow job, CancellationToken stop)
    {
        var run = SpecJson.Read<ExperimentSpec>(job.Spec);
        return RunView.Of(
            job, run, await commits.Find(job.Tenant, run.Commit, stop), await stories.Story(job.CorrelationId, stop),
            await series.List(job.CorrelationId, stop), await stories.Notes(job.CorrelationId, stop));
    }
}
