using Fleet.Contracts.Models;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Models;

/// <summary>What comes of a model call, in the order in which it comes; the last is an end or a failure.</summary>
/// <param name="At">When it was stored.</param>
internal abstract record ModelPiece(DateTimeOffset At);

internal sealed record SaidPiece(DateTimeOffset At, string Text) : ModelPiece(At);

internal sealed record ThoughtPiece(DateTimeOffset At, string Text) : ModelPiece(At);

/// <param name="First">How many calls came before these.</param>
internal sealed record ToolsPiece(DateTimeOffset At, int First, IReadOnlyList<ToolCall> Calls) : ModelPiece(At);

/// <summary>Nothing came for a while.</summary>
internal sealed record QuietPiece(DateTimeOffset At) : ModelPiece(At);

internal sealed record EndPiece(DateTimeOffset At, InferenceResult Result) : ModelPiece(At);

internal sealed record FailurePiece(DateTimeOffset At, CallFailure Failure) : ModelPiece(At);
