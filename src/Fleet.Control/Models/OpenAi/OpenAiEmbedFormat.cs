using System.Runtime.InteropServices;
using Fleet.Contracts.Models;

namespace Fleet.Control.Models.OpenAi;

/// <summary>OpenAI's answers with vectors.</summary>
/// <param name="asBase64">As 32-bit little-endian numbers in base64, which its own clients ask for.</param>
internal sealed class OpenAiEmbedFormat(string model, bool asBase64) : IAnswerFormat
{
    public object Whole(InferenceResult result)
    {
        var tokens = result.PromptTokens ?? 0;
        return new OpenAiEmbeddings(
            "list",
            [.. (result.Embeddings ?? []).Select((vector, place) => new OpenAiEmbedding("embedding", place, Write(vector)))],
            model,
            new OpenAiEmbeddingUsage(tokens, tokens));
    }

    private object Write(float[] vector) =>
        asBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)) : vector; // .NET's machines are little-endian
}
