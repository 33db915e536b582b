using Fleet.Contracts.Agents;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>How one kind of upstream is spoken to.</summary>
internal interface IModelProtocol
{
    /// <summary><c>ollama</c>, <c>openai</c> or <c>aichat</c>.</summary>
    string Name { get; }

    /// <exception cref="UpstreamException">It is not there, or does not speak this protocol.</exception>
    Task<UpstreamStock> Look(CancellationToken stop);

    /// <summary>Ends with <see cref="Answered"/>, or with an exception.</summary>
    /// <exception cref="UpstreamException">No whole answer came.</exception>
    IAsyncEnumerable<ModelPiece> Ask(InferenceSpec call, CancellationToken stop);

    /// <inheritdoc cref="Ask(InferenceSpec, CancellationToken)"/>
    /// <param name="turn">Names its model.</param>
    IAsyncEnumerable<ModelPiece> Ask(TurnSpec turn, CancellationToken stop) => Ask(TurnPrompt.Of(turn), stop);

    /// <summary>What became of a question that was asked before; most upstreams forget it with the connection.</summary>
    /// <exception cref="UpstreamException">It cannot say so at the moment.</exception>
    Task<FormerAnswer> Find(TurnSpec turn, CancellationToken stop) => Task.FromResult(FormerAnswer.Gone);
}

/// <summary>What an upstream has.</summary>
internal sealed record UpstreamStock(
    IReadOnlyList<UpstreamModel> Models, IReadOnlyList<string> Loaded, string? Version = null,
    IReadOnlyDictionary<string, DateTimeOffset>? LoadedUntil = null);
