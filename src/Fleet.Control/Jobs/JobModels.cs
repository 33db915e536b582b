using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Jobs;

/// <summary>Models that submissions ask for.</summary>
internal sealed class JobModels(IModelDirectory models)
{
    private const int MostSearched = 16;

    /// <summary>
    /// Has agents look again for models that nobody is known to have. What is not found then is accepted all the same,
    /// and waits until an agent has it.
    /// </summary>
    public Task LookFor(IReadOnlyList<SubmitJob> jobs, CancellationToken stop) => Task.WhenAll(jobs
        .Select(job => job.Spec.Inference?.Model).OfType<string>().Distinct().Take(MostSearched)
        .Select(model => models.Find(model, stop)));
}
