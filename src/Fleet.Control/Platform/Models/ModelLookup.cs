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
        .Select(one => one.Model).OfType<string>().Distinct().Take(MostSearched)
        .Select(model => models.Find(model, stop)));
}
