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

/// <summary>It has nothing to say yet that could be given on, and shows that it lives.</summary>
/// <param name="ElapsedSeconds">Since it was asked, where it counts.</param>
internal sealed record Lived(int? ElapsedSeconds = null) : ModelPiece;

/// <summary>It told something about its answer; what is null was not told.</summary>
/// <param name="RowsSeen">How many rows each of the tools saw, in their order.</param>
/// <param name="Conversation">What it calls the conversation.</param>
internal sealed record Remarked(
    IReadOnlyList<string>? UsedTools = null,
    IReadOnlyList<int>? RowsSeen = null,
    string? ClassifierTag = null,
    string? Conversation = null) : ModelPiece;

/// <summary>From here on nothing comes before the whole answer.</summary>
/// <param name="Longest">How long that may take.</param>
internal sealed record InOnePiece(TimeSpan Longest) : ModelPiece;
