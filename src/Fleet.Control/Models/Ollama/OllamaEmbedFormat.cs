using Fleet.Contracts.Models;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Models.Ollama;

/// <summary>Ollama's answers with vectors, which never come in pieces.</summary>
/// <param name="isOne">Of <c>/api/embeddings</c>: one vector without a list around it.</param>
internal sealed class OllamaEmbedFormat(string model, bool isOne) : IAnswerFormat
{
    public object Whole(InferenceResult result)
    {
        var vectors = result.Embeddings ?? [];
        return isOne
            ? new OllamaEmbeddingAnswer(vectors.Count > 0 ? vectors[0] : [])
            : new OllamaEmbedAnswer(
                model, vectors, OllamaAnswer.Nanoseconds(result.TotalMs), OllamaAnswer.Nanoseconds(result.LoadMs),
                result.PromptTokens);
    }
}
