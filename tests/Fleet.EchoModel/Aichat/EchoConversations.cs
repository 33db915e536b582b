namespace Fleet.EchoModel.Aichat;

/// <summary>What was asked and answered: it outlives connections, and the server's going down.</summary>
public sealed class EchoConversations
{
    private readonly Lock _gate = new();
    private readonly List<EchoConversation> _all = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<EchoConversation> Of(string persona, string userId)
    {
        lock (_gate)
            return [.. _all.Where(one => one.Persona == persona && one.UserId == userId).OrderByDescending(one => one.LastTurnAt)];
    }

    public EchoConversation? Find(string id)
    {
        lock (_gate)
            return _all.Find(one => one.Id == id);
    }

    public EchoConversation Begin(string persona, string userId)
    {
        var conversation = new EchoConversation($"conv-{Guid.NewGuid():N}", persona, userId);
        lock (_gate)
            _all.Add(conversation);
        return conversation;
    }
}

public sealed class EchoConversation(string id, string persona, string userId)
{
    private readonly Lock _gate = new();
    private readonly List<EchoTurn> _turns = [];

    public string Id => id;

    public string Persona => persona;

    public string UserId => userId;

    public DateTimeOffset LastTurnAt { get; private set; }

    public IReadOnlyList<EchoTurn> Turns
    {
        get
        {
            lock (_gate)
                return [.. _turns];
        }
    }

    public EchoTurn Ask(string question)
    {
        var turn = new EchoTurn($"turn-{Guid.NewGuid():N}", question, TimeProvider.System.GetUtcNow());
        lock (_gate)
            _turns.Add(turn);
        LastTurnAt = turn.AskedAt;
        return turn;
    }

    public void Forget(EchoTurn turn)
    {
        lock (_gate)
            _turns.Remove(turn);
    }
}

public sealed class EchoTurn(string id, string question, DateTimeOffset askedAt)
{
    private (string Answer, AichatBehaviour Behaviour)? _answered;

    public string Id => id;

    public string Question => question;

    public DateTimeOffset AskedAt => askedAt;

    /// <summary>Null while there is none.</summary>
    public string? Answer => _answered?.Answer;

    public void Finish(string answer, AichatBehaviour? behaviour = null) => _answered = (answer, behaviour ?? new AichatBehaviour());

    /// <summary>A row for the question, and one for the answer.</summary>
    internal IEnumerable<object> Rows()
    {
        yield return new { TurnId = id, Role = "user", Content = question, CreatedAt = askedAt };
        if (_answered is var (answer, behaviour))
            yield return new
            {
                TurnId = id,
                Role = "assistant",
                Content = answer,
                CreatedAt = askedAt,
                UsedTools = behaviour.Tools,
                RowsSeen = behaviour.Rows,
                ClassifierTag = behaviour.Tag,
            };
    }
}
