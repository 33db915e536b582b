using System.Threading.Channels;

namespace Fleet.Control.Platform.Persistence.Commits;

/// <summary>Members that wait for a commit, read by one. None overtakes another that touches the same row.</summary>
internal sealed class CommitQueue
{
    private readonly Channel<CommitMember> _arrivals =
        Channel.CreateUnbounded<CommitMember>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Queue<CommitMember> _heldBack = new();
    private Task _arrival = Task.CompletedTask;

    /// <summary>False once it is closed.</summary>
    public bool TryAdd(CommitMember member) => _arrivals.Writer.TryWrite(member);

    /// <summary>Returns when something arrived, which may be taken already.</summary>
    public Task Arrival(CancellationToken stop)
    {
        if (_arrival.IsCompleted)
            _arrival = _arrivals.Reader.WaitToReadAsync(stop).AsTask();
        return _arrival;
    }

    /// <summary>The first that wait, without those whose rows are busy, and without who stands behind one of these.</summary>
    public CommitMember[] Take(int most, IEnumerable<CommitMember> busy)
    {
        var rows = busy.SelectMany(member => member.Rows).Select(row => row.Key).ToHashSet();
        var taken = new List<CommitMember>();
        for (var left = _heldBack.Count; left > 0; left--)
            Sort(_heldBack.Dequeue(), taken, most, rows);
        while (taken.Count < most && _arrivals.Reader.TryRead(out var member))
            Sort(member, taken, most, rows);
        return [.. taken];
    }

    /// <summary>The next, in the order of arrival; null when none waits.</summary>
    public CommitMember? Take()
    {
        while (_heldBack.TryDequeue(out var first) || _arrivals.Reader.TryRead(out first))
        {
            if (first.TryBegin())
                return first;
        }

        return null;
    }

    /// <summary>Refuses those that do not wait for the database; the others keep their places.</summary>
    public void Refuse(Exception outage)
    {
        for (var left = _heldBack.Count; left > 0; left--)
            Refuse(_heldBack.Dequeue(), outage);
        while (_arrivals.Reader.TryRead(out var member))
            Refuse(member, outage);
    }

    /// <summary>Nobody is let in any more.</summary>
    public void Close() => _arrivals.Writer.TryComplete();

    private void Refuse(CommitMember member, Exception outage)
    {
        if (member.WaitsForDatabase)
            _heldBack.Enqueue(member);
        else if (member.TryBegin())
            member.Fail(outage);
    }

    private void Sort(CommitMember member, List<CommitMember> taken, int most, HashSet<(Type, Guid)> rows)
    {
        if (taken.Count < most && (rows.Count == 0 || !member.Rows.Any(row => rows.Contains(row.Key))))
        {
            if (member.TryBegin())
                taken.Add(member);
            return;
        }

        foreach (var row in member.Rows)
            rows.Add(row.Key);
        _heldBack.Enqueue(member);
    }
}
