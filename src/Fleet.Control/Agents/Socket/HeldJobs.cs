using System.Security.Cryptography;
using Fleet.Contracts.Attempts;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Socket;

/// <summary>
/// The attempts that an agent has in hand, by the names that it knows them by. The wire has jobs and no attempts: a first
/// attempt goes by the id of its work, a later one by an id of its own, so that a late word of an earlier one is not
/// taken for its.
/// </summary>
internal sealed class HeldJobs(SocketClock clock)
{
    private const int MostStopped = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HeldJob> _jobs = [];
    private readonly Queue<AttemptInHand> _stopped = new();

    public static string NameOf(Guid work, int attempt)
    {
        if (attempt <= 1)
            return WireId.Format(work);
        Span<byte> text = stackalloc byte[20];
        work.TryWriteBytes(text, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(text[16..], attempt);
        return WireId.Format(new Guid(SHA256.HashData(text).AsSpan(0, 16), bigEndian: true));
    }

    /// <summary>Null when it is in hand already, or was stopped before it came.</summary>
    /// <param name="patience">How long the agent may say no word of it.</param>
    public HeldJob? Add(Guid work, string kind, int attempt, TimeSpan patience)
    {
        var job = new HeldJob(NameOf(work, attempt), work, kind, attempt) { DoubtedSince = clock.Now, Patience = patience };
        lock (_gate)
            return !_stopped.Contains(new AttemptInHand(work, attempt)) && _jobs.TryAdd(job.Name, job) ? job : null;
    }

    /// <summary>The agent spoke of it; null when it has no such job.</summary>
    public HeldJob? Heard(string name)
    {
        lock (_gate)
        {
            if (_jobs.GetValueOrDefault(name) is not { } job)
                return null;
            job.DoubtedSince = null;
            return job;
        }
    }

    /// <summary>Null when it is not in hand; then it will not begin either.</summary>
    public HeldJob? Stop(Guid work, int attempt)
    {
        lock (_gate)
        {
            if (_jobs.GetValueOrDefault(NameOf(work, attempt)) is { } job)
                return job;
            _stopped.Enqueue(new AttemptInHand(work, attempt));
            if (_stopped.Count > MostStopped)
                _stopped.Dequeue();
            return null;
        }
    }

    public void Remove(Guid work, int attempt)
    {
        lock (_gate)
            _jobs.Remove(NameOf(work, attempt));
    }

    /// <summary>What leases are renewed of. One that the agent said no word of in time is dropped, and so lost.</summary>
    public IReadOnlyList<AttemptInHand> Named()
    {
        lock (_gate)
        {
            foreach (var job in _jobs.Values.Where(job => job.DoubtedSince is { } since && clock.Since(since) >= job.Patience).ToList())
                _jobs.Remove(job.Name);
            return [.. _jobs.Values.Select(job => new AttemptInHand(job.Work, job.Attempt))];
        }
    }

    public IReadOnlyList<HeldJob> All()
    {
        lock (_gate)
            return [.. _jobs.Values];
    }
}

/// <summary>One attempt in an agent's hand.</summary>
internal sealed class HeldJob(string name, Guid work, string kind, int attempt)
{
    /// <summary>The job's id on the wire.</summary>
    public string Name { get; } = name;

    public Guid Work { get; } = work;

    public string Kind { get; } = kind;

    public int Attempt { get; } = attempt;

    /// <summary>Since when no word of it was heard; null when one was.</summary>
    public long? DoubtedSince { get; set; }

    /// <summary>How long that may be.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Whether it was reported that it began. Any word of the job says so: the first may have been lost.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The last line of its log; what comes again is not stored again.</summary>
    public long LastLine { get; set; } = -1;

    /// <summary>Files and the like that went wrong, the first of them; and how many in all.</summary>
    public List<Fleet.Contracts.Backups.BackupIssue> Issues { get; } = [];

    public int IssueCount { get; set; }
}
