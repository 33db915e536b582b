namespace Fleet.Worker.Platform.Upstreams;

/// <summary>A piece of a model's answer, in order; <see cref="Answered"/> comes once, and last.</summary>
internal abstract record ModelPiece;

/// <summary>It spoke.</summary>
internal sealed record Said(string Text) : ModelPiece;

/// <summary>It thought.</summary>
internal sealed record Thought(string Text) : ModelPiece;

/// <summary>It wants tools to be called.</summary>
/// <param name="Json">An array as in <see cref="Fleet.Contracts.Models.ChatMessage.ToolCallsJson"/>.</param>
internal sealed record Called(string Json) : ModelPiece;

/// <summary>The answer is whole. Numbers are the upstream's own, as far as it tells; times are milliseconds.</summary>
internal sealed record Answered(
    string? DoneReason = null,
    long? PromptTokens = null,
    long? CompletionTokens = null,
    double? LoadMs = null,
    double? PromptMs = null,
    double? CompletionMs = null,
    IReadOnlyList<float[]>? Embeddings = null) : ModelPiece;
