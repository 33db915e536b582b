using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Platform.Models;

/// <summary>A server of models on an agent: a place with slots of its own.</summary>
/// <param name="Generations">How many answers it may write at once.</param>
/// <param name="Embeddings">How many calls for embeddings it may have beside those.</param>
/// <param name="Models">What it has; see <see cref="ModelName.Short"/>.</param>
/// <param name="Loaded">What it has in memory, as far as it told; see <see cref="ModelName.Short"/>.</param>
/// <param name="Protocol">What it speaks; null while nobody knows.</param>
internal sealed record ReadyUpstream(
    string Name,
    bool IsReachable,
    int Generations,
    int Embeddings,
    IReadOnlySet<string> Models,
    IReadOnlySet<string> Loaded,
    string? Protocol = null)
{
    /// <summary>Capability of jobs that have a model write.</summary>
    public const string Generation = "inference";

    /// <summary>Capability of jobs that only ask for vectors.</summary>
    public const string Embedding = "embedding";

    public int SlotsFor(string capability) => capability switch
    {
        Generation => Generations,
        Embedding => Embeddings,
        _ => 0,
    };

    /// <summary>Whether work of the demand may be given to it, once it has a slot.</summary>
    public bool Serves(DemandClass demand) => IsReachable && Has(demand) && SlotsFor(demand.Capability) > 0;

    /// <summary>Whether it is what the demand asks for, reachable or not.</summary>
    public bool Has(DemandClass demand) => demand.Model is { } model
        && (demand.Place is null ? Models.Contains(model)
            : UpstreamPlace.Is(demand.Place, this) && (model.Length == 0 || Models.Contains(model)));
}
