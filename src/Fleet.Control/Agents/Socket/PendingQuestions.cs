namespace Fleet.Control.Agents.Socket;

/// <summary>Questions that an agent has not answered, by the ids of their envelopes. Each is answered once, in time.</summary>
internal sealed class PendingQuestions(SocketClock clock)
{
    private const int MostWaiting = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Guid Question, long AskedAt, TimeSpan Limit)> _asked = [];

    /// <returns>False when too many wait already.</returns>
    public bool Add(string id, Guid question, TimeSpan limit)
    {
        lock (_gate)
        {
            if (_asked.Count >= MostWaiting)
                Forget();
            return _asked.Count < MostWaiting && _asked.TryAdd(id, (question, clock.Now, limit));
        }
    }

    /// <summary>The question that this answers; null when nobody waits for it any more.</summary>
    public Guid? Take(string id)
    {
        lock (_gate)
            return _asked.Remove(id, out var asked) && clock.Since(asked.AskedAt) < asked.Limit ? asked.Question : null;
    }

    private void Forget()
    {
        foreach (var id in _asked.Where(one => clock.Since(one.Value.AskedAt) >= one.Value.Limit).Select(one => one.Key).ToList())
            _asked.Remove(id);
    }
}
