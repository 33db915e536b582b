namespace Fleet.Control.Platform.Models;

/// <summary>Knows which models the agents' upstreams have.</summary>
internal interface IModelDirectory
{
    /// <summary>Models of all agents that are on and take the tenant's work, by name; one that several have is named once.</summary>
    Task<IReadOnlyList<KnownModel>> List(string tenant, CancellationToken stop);

    /// <summary>
    /// The model, under the name given or that with <c>:latest</c> behind it. When no agent that takes the
    /// tenant's work is known to have it, all that are on look once more before the answer is null.
    /// </summary>
    Task<KnownModel?> Find(string model, string tenant, CancellationToken stop);
}

/// <summary>A model that can be asked.</summary>
/// <param name="Size">Bytes; null where the upstream does not tell.</param>
/// <param name="Digest">Lower-case hex; null where the upstream does not tell.</param>
/// <param name="DetailsJson">An object as Ollama's <c>details</c>: family, format, parameter_size, quantization_level.</param>
/// <param name="IsLoaded">Whether an upstream has it in memory.</param>
/// <param name="LoadedUntil">Until when it stays there if nobody asks it; null where no upstream tells.</param>
/// <param name="Capabilities">What it can do, in Ollama's words; null where the upstream does not tell.</param>
internal sealed record KnownModel(
    string Name,
    IReadOnlyList<string> Agents,
    DateTimeOffset? ModifiedAt = null,
    long? Size = null,
    string? Digest = null,
    string? DetailsJson = null,
    bool IsLoaded = false,
    DateTimeOffset? LoadedUntil = null,
    IReadOnlyList<string>? Capabilities = null);
