using Fleet.Contracts.Attempts;
using Fleet.Control.Agents.Socket.Frames;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Agents.Socket;

/// <summary>One connection of an agent, after its hello: a session as a run of the worker is one.</summary>
internal sealed class SocketSession(
    string agent, Guid id, HelloMessage hello, SocketFrames frames, HeldJobs jobs, SocketReports reports, SocketClock clock)
{
    private const int MostBeats = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, long SentAt)> _beats = new([(0, clock.Now)]);
    private TaskCompletionSource _handChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heardAt = clock.Now;
    private long _number;

    public string Agent { get; } = agent;

    public Guid Id { get; } = id;

    public HelloMessage Hello { get; } = hello;

    public SocketFrames Frames { get; } = frames;

    public HeldJobs Jobs { get; } = jobs;

    public SocketReports Reports { get; } = reports;

    /// <summary>Questions that it was asked.</summary>
    public PendingQuestions Questions { get; } = new(clock);

    /// <summary>What it was told of repositories, so that it is not told again.</summary>
    public AgentConfiguration Configuration { get; } = new();

    /// <summary>How long it has not beaten its heart.</summary>
    public TimeSpan Silence => clock.Since(Volatile.Read(ref _heardAt));

    /// <summary>Completes when the agent has something in hand that no beat has named.</summary>
    public Task HandChanged => Volatile.Read(ref _handChanged).Task;

    public void TellHandChanged() => Interlocked
        .Exchange(ref _handChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>It beats its heart.</summary>
    /// <returns>How long the last beat is ago.</returns>
    public TimeSpan Heard() => clock.Since(Interlocked.Exchange(ref _heardAt, clock.Now));

    /// <summary>The number of the next beat, which leaves now.</summary>
    public long NextBeat()
    {
        lock (_gate)
        {
            _beats.Enqueue((++_number, clock.Now));
            if (_beats.Count > MostBeats)
                _beats.Dequeue();
            return _number;
        }
    }

    /// <summary>
    /// Whether an attempt that was assigned knowing this beat, and none later, is still to be begun: Control does not give
    /// it to another before <paramref name="term"/> has passed.
    /// </summary>
    public bool IsFresh(long beat, TimeSpan term)
    {
        lock (_gate)
            return _beats.Any(sent => sent.Number == beat && clock.Since(sent.SentAt) < term);
    }

    public ValueTask Report(HeldJob job, AttemptReport said) =>
        Reports.Add(said with { WorkId = job.Work, Kind = job.Kind, Attempt = job.Attempt }, Frames.Ended);
}
