using Fleet.Contracts.Work;

namespace Fleet.Control.Platform.Models;

/// <summary>Models that submissions ask for.</summary>
internal sealed class ModelLookup(IModelDirectory models)
{
    private const int MostSearched = 16;

    /// <summary>
    /// Has agents look again for models that nobody is known to have. What is not found then is accepted all the same,
    /// and waits until an agent has it.
    /// </summary>
    public Task LookFor(IReadOnlyList<SubmitWork> work, CancellationToken stop) => Task.WhenAll(work
        .Where(one => one.Model is not null)
        .Select(one => (Model: one.Model!, one.Tenant)).Distinct().Take(MostSearched)
        .Select(one => models.Find(one.Model, one.Tenant, stop)));
}
