using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat;

/// <summary>Takes in questions, by whatever door they come.</summary>
internal sealed class TurnSubmissions(
    IdempotentWork once, ModelLookup models, TurnLimits limits, ChatSettings settings, DatabaseClock clock)
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>What a question becomes. Turns of a conversation run one at a time, and each user has a share of its own.</summary>
    public SubmitWork Draft(Conversation conversation, TurnRequest wanted, Caller caller) =>
        Draft(conversation, wanted, caller.Name);

    /// <param name="userName">What the conversation's owner is called.</param>
    public SubmitWork Draft(Conversation conversation, TurnRequest wanted, string userName) => Draft(
        conversation,
        new TurnSpec(
            [new ChatMessage("user", wanted.Text)],
            WireId.Format(conversation.CorrelationId),
            WireId.Format(conversation.Owner),
            userName,
            wanted.Model,
            ContextJson: TurnRules.ContextOf(wanted.Context) ?? conversation.Context,
            MaxTokens: wanted.MaxTokens,
            AskAgain: wanted.AskAgain ?? settings.AskAgain),
        wanted.Upstream,
        wanted.MaxAttempts ?? settings.MaxAttempts);

    /// <param name="spec">Its model, where it names none, becomes that of the conversation, or the default.</param>
    /// <param name="upstream">Name of the upstream that is to answer; null where the conversation decides.</param>
    public SubmitWork Draft(Conversation conversation, TurnSpec spec, string? upstream, int maxAttempts)
    {
        upstream ??= conversation.Upstream;
        var model = spec.Model ?? conversation.Model ?? (upstream is null ? settings.DefaultModel : null);
        var place = upstream ?? (model is null ? UpstreamPlace.OfProtocol(UpstreamPlace.AiChat) : null);
        return new SubmitWork(
            WireId.New(),
            TurnSpec.Kind,
            SpecJson.Write(spec with { Model = model }),
            conversation.Tenant,
            Name: null,
            Nothing,
            Priority: 5,
            maxAttempts,
            settings.TimeoutSeconds,
            clock.Now.AddSeconds(settings.TimeoutSeconds),
            new WorkTarget(null, Nothing),
            Terms: new QueueTerms(SequenceKey: SequenceOf(spec), FairnessKey: $"user:{spec.UserId}"),
            Capability: ReadyUpstream.Generation,
            Model: model,
            Upstream: place,
            Owner: conversation.Owner);
    }

    /// <summary>The same question once more; its answer replaces the former one.</summary>
    /// <param name="conversation">In which it does so: another one than the turn's own has a branch's copy of it.</param>
    public SubmitWork Again(Turn turn, Guid conversation)
    {
        var again = turn.Again() with { ExpiresAt = clock.Now.AddSeconds(settings.TimeoutSeconds) };
        if (conversation == turn.ConversationId)
            return again;
        var spec = SpecJson.Read<TurnSpec>(turn.Spec) with { Conversation = WireId.Format(conversation) };
        return again with
        {
            SpecJson = SpecJson.Write(spec),
            Terms = again.Terms! with { SequenceKey = SequenceOf(spec) },
        };
    }

    private static string SequenceOf(TurnSpec spec) => $"conversation:{spec.Conversation}";

    /// <summary>Accepts the turn, or gives what the same request was answered before.</summary>
    /// <param name="fresh">A conversation that begins with the turn; null where it is there already.</param>
    /// <exception cref="ProblemException">A limit is reached, or the conversation is gone.</exception>
    public async Task<Answer> Submit(
        Request by, SubmitWork turn, Guid conversation, Func<Turn, Answer> answer, CancellationToken stop,
        Func<UnitOfWork, Task>? fresh = null)
    {
        if (await once.Known(by, stop) is { } known)
            return known;
        await limits.Check(by.Caller.KeyId, stop);
        if (turn.Upstream is null)
            await models.LookFor([turn], stop);
        var row = RowRef.New<Turn>(turn.WorkId);
        var kept = new RowRef(typeof(Conversation), conversation, IsNew: fresh is not null);
        return await once.Run(by, [row, kept], async unit =>
        {
            if (fresh is not null)
                await fresh(unit);
            if (await unit.Find<Conversation>(conversation) is not { } found || !found.IsOf(by.Caller.KeyId))
                throw new ProblemException(Problem.NotFound("conversation"));
            await unit.Raise(turn);
            return answer((Turn)(await unit.Find(row))!);
        }, stop);
    }
}
