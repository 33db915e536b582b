using Fleet.Contracts.Agents;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>How one kind of upstream is spoken to.</summary>
internal interface IModelProtocol
{
    /// <summary><c>ollama</c> or <c>openai</c>.</summary>
    string Name { get; }

    /// <exception cref="UpstreamException">It is not there, or does not speak this protocol.</exception>
    Task<UpstreamStock> Look(CancellationToken stop);

    /// <summary>Ends with <see cref="Answered"/>, or with an exception.</summary>
    /// <exception cref="UpstreamException">No whole answer came.</exception>
    IAsyncEnumerable<ModelPiece> Ask(InferenceSpec call, CancellationToken stop);
}

/// <summary>What an upstream has.</summary>
internal sealed record UpstreamStock(
    IReadOnlyList<UpstreamModel> Models, IReadOnlyList<string> Loaded, string? Version = null);
