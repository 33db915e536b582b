namespace Fleet.Control.Chat;

/// <summary>Every line this slice can log.</summary>
internal static partial class ChatLog
{
    [LoggerMessage(1, LogLevel.Warning, "Conversations that were deleted could not be removed, and will be later: {Reason}")]
    public static partial void NotCleanedUp(ILogger logger, string reason);
}
