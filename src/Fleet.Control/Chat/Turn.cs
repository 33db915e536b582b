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

    /// <summary>When the first attempt was given to an agent that may have asked the upstream; null while none has.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Number of that attempt.</summary>
    public int? AskedIn { get; set; }

    /// <summary>When the first piece of the present attempt's answer came.</summary>
    public DateTimeOffset? FirstPieceAt { get; set; }

    /// <summary>What the upstream calls the conversation, as far as this turn was told.</summary>
    public string? UpstreamConversation { get; set; }

    /// <summary>Beginnings of characters and lines whose ends have not come; see <see cref="TurnPieces"/>.</summary>
    public string? Rests { get; set; }

    public override DomainEvent? EventOf(string state, DateTimeOffset now) => TurnEventPayload.Of(this, state, now);

    /// <summary>The answer starts anew, and from now on the upstream may know the question.</summary>
    public void BeginAttempt(DateTimeOffset now)
    {
        (Rests, FirstPieceAt) = (null, null);
        if (AskedAt is null)
            (AskedAt, AskedIn) = (now, Attempt);
    }

    /// <summary>The attempt ended so that it cannot have asked: there is nothing to look for.</summary>
    /// <param name="hasBegun">Whether its agent said that it began.</param>
    /// <param name="code">Why it ended; one of <see cref="AttemptErrors"/> or <see cref="LossReasons"/>.</param>
    public void ForgetUnasked(bool hasBegun, string? code)
    {
        var isUnasked = code is AttemptErrors.UpstreamUnreachable or AttemptErrors.UpstreamBusy
            || (!hasBegun && code is AttemptErrors.AgentStopped or AttemptErrors.TooLate or LossReasons.NotAccepted);
        if (isUnasked && AskedIn == Attempt)
            (AskedAt, AskedIn) = (null, null);
    }

    /// <summary>Seconds that the next attempt may take: all attempts together have the turn's time.</summary>
    public int? TimeLeft(DateTimeOffset now) => TimeoutSeconds is { } all
        ? Math.Max(1, all - (int)(now - (AskedAt ?? now)).TotalSeconds)
        : null;

    /// <summary>Whether its last attempt's answer is not to be found, and it is not to be asked again.</summary>
    public bool IsLost => ErrorCode == TurnErrors.Lost;
}
