using Fleet.Control.Platform.Cluster;

namespace Fleet.Control.Chat.Conversations;

/// <summary>By the clock: what is left of conversations that were deleted goes when their turns have ended.</summary>
internal sealed class ConversationCleanup(
    ConversationRemoval removal,
    ChatSettings settings,
    Leadership leadership,
    TimeProvider clock,
    ILogger<ConversationCleanup> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(settings.CleanupSeconds), clock)
{
    protected override async Task Round(CancellationToken stop)
    {
        foreach (var conversation in await removal.Deleted(stop))
            await removal.Finish(conversation, stop);
    }

    protected override void RoundFailed(Exception failure) => ChatLog.NotCleanedUp(logger, failure.Message);
}
