using System.Text.Json.Serialization;

namespace Fleet.Control.Chat.Statistics;

/// <summary>How chats are used. Times are UTC; turns that were removed are not counted.</summary>
/// <param name="Last7Days">The same of the last seven days.</param>
/// <param name="DurationMs">Of turns that completed, from the start of the last attempt to the end.</param>
/// <param name="AbandonRate">The part of what is over that was cancelled, expired or lost; null where nothing is over.</param>
/// <param name="Classifier">Turns by what upstreams took their questions for.</param>
/// <param name="Daily">The last 30 days on which something was asked, oldest first.</param>
/// <param name="TopPrompts">What was asked most often.</param>
internal sealed record ChatStatisticsView(
    ChatTotalsView Totals,
    [property: JsonPropertyName("last_7_days")] ChatTotalsView Last7Days,
    ChatDurationView DurationMs,
    ChatToolsView ToolUse,
    double? AbandonRate,
    IReadOnlyDictionary<string, long> Classifier,
    IReadOnlyList<ChatDayView> Daily,
    IReadOnlyList<ChatPromptView> TopPrompts);

/// <param name="Users">Keys that asked.</param>
/// <param name="States">Turns by state; <c>queued</c> is all that is not over.</param>
internal sealed record ChatTotalsView(
    long Turns, long Conversations, long Users, IReadOnlyDictionary<string, long> States, long InputTokens, long OutputTokens);

/// <summary>Milliseconds; null where nothing completed.</summary>
internal sealed record ChatDurationView(double? Median, double? P90);

/// <param name="Turns">Turns that used any tool.</param>
/// <param name="Share">Their part of the turns that completed; null where none did.</param>
/// <param name="Tools">Uses by tool.</param>
internal sealed record ChatToolsView(long Turns, double? Share, IReadOnlyDictionary<string, long> Tools);

/// <param name="Day">As in <c>2030-01-31</c>.</param>
internal sealed record ChatDayView(string Day, long Turns, long Completed);

/// <param name="Text">Its first 200 characters.</param>
internal sealed record ChatPromptView(string Text, long Count);
