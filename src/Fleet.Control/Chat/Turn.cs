using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat;

/// <summary>One question and its answer. What it adds to the row of all work lies in the table <c>turns</c>.</summary>
internal sealed class Turn : WorkRow
{
    public const string FamilyName = "turn";

    public Turn() => Family = FamilyName;

    public Guid ConversationId { get; set; }

    /// <summary>Its place in the conversation, from 1. A turn that replaces the answer of another has its place.</summary>
    public int Number { get; set; }

    /// <summary>When the first attempt began that may have asked the upstream; null while none has.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Number of that attempt.</summary>
    public int? AskedIn { get; set; }

    /// <summary>When the first piece of the present attempt's answer came.</summary>
    public DateTimeOffset? FirstPieceAt { get; set; }

    /// <summary>What the upstream calls the conversation, as far as this turn was told.</summary>
    public string? UpstreamConversation { get; set; }

    /// <summary>The beginnings of characters and lines whose ends have not come, by stream; see <see cref="TurnPieces"/>.</summary>
    public string? Rests { get; set; }

    public override DomainEvent? EventOf(string state, DateTimeOffset now) => TurnEventPayload.Of(this, state, now);

    /// <summary>The answer starts anew.</summary>
    public void BeginAttempt() => (Rests, FirstPieceAt) = (null, null);

    public void NoteAsked(DateTimeOffset now)
    {
        if (AskedAt is null)
            (AskedAt, AskedIn) = (now, Attempt);
    }

    /// <summary>An upstream that took no calls knows nothing of the question, so there is nothing to look for.</summary>
    public void ForgetUnasked(AttemptResult result)
    {
        if (AskedIn == Attempt && result.ErrorCode is AttemptErrors.UpstreamUnreachable or AttemptErrors.UpstreamBusy)
            (AskedAt, AskedIn) = (null, null);
    }

    /// <summary>Seconds that the next attempt may take: all attempts together have the turn's time.</summary>
    public int? TimeLeft(DateTimeOffset now) => TimeoutSeconds is { } all
        ? Math.Max(1, all - (int)(now - (AskedAt ?? now)).TotalSeconds)
        : null;

    /// <summary>Whether its last attempt's answer is not to be found, and it is not to be asked again.</summary>
    public bool IsLost => ErrorCode == TurnErrors.Lost;
}
