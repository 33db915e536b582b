using Fleet.Contracts.Models;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Models;

/// <summary>What a model call leaves.</summary>
internal static class ModelCallResults
{
    /// <summary>Vectors as text: many short numbers, each byte of which stays one on the way.</summary>
    private const int MostEmbeddingBytes = 8 * 1024 * 1024;

    /// <summary>The <see cref="InferenceResult"/>.</summary>
    /// <exception cref="UpstreamException">The answer has no end, or is longer than it may be.</exception>
    public static string Of(InferenceSpec call, GatheredAnswer answer, TimeProvider clock)
    {
        var end = answer.End;
        var json = CallResult.Json(new InferenceResult(
            call.Model,
            clock.GetUtcNow(),
            end.Embeddings is null ? Message(answer) : null,
            end.Embeddings,
            end.DoneReason,
            answer.Upstream,
            end.PromptTokens,
            end.CompletionTokens,
            answer.FirstMs,
            answer.TotalMs,
            end.LoadMs,
            end.PromptMs,
            end.CompletionMs));
        return end.Embeddings is not null && json.Length > MostEmbeddingBytes
            ? throw UpstreamException.TooLong(answer.Upstream, MostEmbeddingBytes)
            : json;
    }

    private static ChatMessage Message(GatheredAnswer answer) =>
        new("assistant", answer.Content, answer.Thinking, ToolCallsJson: answer.ToolCallsJson);
}
