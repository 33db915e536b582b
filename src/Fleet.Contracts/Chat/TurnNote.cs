namespace Fleet.Contracts.Chat;

/// <summary>
/// Something about an answer that is not part of its text: a line of JSON in the output stream <see cref="Stream"/>, in
/// snake_case, in its place among the pieces.
/// </summary>
/// <param name="Type"><see cref="Meta"/>, <see cref="Heartbeat"/> or <see cref="Tool"/>.</param>
/// <param name="ElapsedSeconds">With <see cref="Heartbeat"/>: since the request.</param>
/// <param name="Upstream">With <see cref="Heartbeat"/>: the upstream itself said that it lives, not only the agent. With
/// <see cref="Meta"/>: true.</param>
/// <param name="UsedTools">With <see cref="Meta"/>: see <see cref="TurnResult.UsedTools"/>.</param>
/// <param name="RowsSeen">With <see cref="Meta"/>: see <see cref="TurnResult.RowsSeen"/>.</param>
/// <param name="ClassifierTag">With <see cref="Meta"/>: see <see cref="TurnResult.ClassifierTag"/>.</param>
/// <param name="UpstreamConversation">With <see cref="Meta"/>: see <see cref="TurnResult.UpstreamConversation"/>.</param>
/// <param name="ToolName">With <see cref="Tool"/>: the tool.</param>
/// <param name="InOnePiece">With <see cref="Meta"/>: true where the answer is not streamed; said before it comes.</param>
public sealed record TurnNote(
    string Type,
    int? ElapsedSeconds = null,
    bool? Upstream = null,
    IReadOnlyList<string>? UsedTools = null,
    IReadOnlyList<int>? RowsSeen = null,
    string? ClassifierTag = null,
    string? UpstreamConversation = null,
    string? ToolName = null,
    bool? InOnePiece = null)
{
    /// <summary>The output stream of a turn that carries notes.</summary>
    public const string Stream = "notes";

    /// <summary>The upstream said something about its answer.</summary>
    public const string Meta = "meta";

    /// <summary>Nothing was said for a while, and the attempt lives.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>The upstream used a tool.</summary>
    public const string Tool = "tool";
}
