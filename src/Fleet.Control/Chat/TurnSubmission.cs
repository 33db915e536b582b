using System.Text;
using Fleet.Contracts.Chat;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat;

/// <summary>
/// Questions that somebody else than a client asks, from the body that the route of turns takes, with the conversation
/// beside it. They belong to the key on whose behalf they are asked.
/// </summary>
internal sealed class TurnSubmission(TurnSubmissions submissions, ConversationQueries conversations, TurnLimits limits) : ISubmission
{
    public string Name => Turn.FamilyName;

    public Scope Needs => Scope.ChatCreate;

    public IReadOnlyCollection<string> KindsOf(string body) => [TurnSpec.Kind];

    public IReadOnlyDictionary<string, string[]> Check(string body, string tenant, DateTimeOffset now) =>
        Refusals.Of(() => Read(body));

    public async Task<IReadOnlyList<BuiltSubmission>> Build(
        IReadOnlyList<SubmissionRequest> requests, DateTimeOffset now, CancellationToken stop)
    {
        var built = new List<BuiltSubmission>(requests.Count);
        foreach (var request in requests)
            built.Add(await Refusals.Catch(() => Build(request, now, stop)));
        return built;
    }

    private static PlannedTurnRequest Read(string body)
    {
        var wanted = JsonBody.Parse<PlannedTurnRequest>(Encoding.UTF8.GetBytes(body));
        TurnRules.Check(wanted);
        if (wanted.ConversationId is { } id && !WireId.TryParse(id, out _))
            throw new ProblemException(Problem.Invalid("conversation_id", "This is not the id of a conversation."));
        return wanted;
    }

    private async Task<BuiltSubmission> Build(SubmissionRequest request, DateTimeOffset now, CancellationToken stop)
    {
        var wanted = Read(request.Body);
        await limits.Check(request.Owner, stop);
        if (wanted.ConversationId is not { } id)
            return Begin(wanted, request, now);
        return await conversations.Find(id, request.Owner, stop) is { } found
            ? new BuiltSubmission(submissions.Draft(found, wanted, request.OwnerName))
            : new BuiltSubmission(null, BuiltSubmission.TargetGone, $"There is no conversation {id} any more.");
    }

    private BuiltSubmission Begin(PlannedTurnRequest wanted, SubmissionRequest request, DateTimeOffset now)
    {
        var fresh = new Conversation
        {
            CorrelationId = WireId.New(),
            Tenant = request.Tenant,
            Owner = request.Owner,
            CreatedAt = now,
            ChangedAt = now,
        };
        return new BuiltSubmission(submissions.Draft(fresh, wanted, request.OwnerName), Before: unit =>
        {
            unit.Add(fresh);
            return Task.CompletedTask;
        });
    }
}
