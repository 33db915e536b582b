using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// In which conversation a response is asked: a new one, that of the response before it, or a branch of that where something
/// else follows there already.
/// </summary>
/// <param name="previous">The response that it follows; null where it follows none.</param>
/// <param name="conversation">The one that the caller named.</param>
/// <param name="model">Of a new one.</param>
/// <param name="goesAt">When a response that is not to be stored goes at the latest; null where it is.</param>
internal sealed class ResponsePlace(
    AskedResponse? previous, Guid? conversation, Caller caller, string? model, DateTimeOffset? goesAt)
{
    private readonly Guid _fresh = WireId.New();
    private readonly Guid? _trunk = previous?.Turn.ConversationId ?? conversation;

    /// <summary>What may be read or written.</summary>
    public IEnumerable<RowRef> Rows => _trunk is { } trunk
        ? [RowRef.Of<Conversation>(trunk), RowRef.New<Conversation>(_fresh)]
        : [RowRef.New<Conversation>(_fresh)];

    /// <exception cref="ProblemException">The conversation is gone, or cannot branch yet.</exception>
    public async Task<Conversation> Find(UnitOfWork unit)
    {
        if (_trunk is null)
            return Begin(unit);
        if (await unit.Find<Conversation>(_trunk.Value) is not { } trunk || !trunk.IsOf(caller.KeyId))
            throw new ProblemException(Problem.NotFound("conversation"));
        return previous is null || (trunk.Turns == previous.Turn.Number && goesAt is null)
            ? trunk
            : await Branch(trunk, previous.Turn, unit);
    }

    private Conversation Begin(UnitOfWork unit)
    {
        var begun = new Conversation
        {
            CorrelationId = _fresh,
            Tenant = caller.Tenant,
            Owner = caller.KeyId,
            Model = model,
            CreatedAt = unit.Now,
            ChangedAt = unit.Now,
            DeletedAt = goesAt,
        };
        unit.Add(begun);
        return begun;
    }

    private async Task<Conversation> Branch(Conversation trunk, Turn last, UnitOfWork unit)
    {
        if (!WorkStates.IsOver(last.State))
        {
            throw new ProblemException(Problem.Conflict(
                "previous_response_unfinished", "The previous response has not ended: wait for its end.") with
            {
                Errors = new Dictionary<string, string[]> { ["previous_response_id"] = ["It has not ended."] },
            });
        }

        var branch = trunk.Branch(_fresh, last.Number + 1, unit.Now);
        branch.DeletedAt = goesAt;
        unit.Add(branch);
        await ExchangeSql.Copy(unit, _fresh, trunk.CorrelationId, last.Number + 1);
        return branch;
    }
}
