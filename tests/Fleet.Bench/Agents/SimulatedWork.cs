using System.Threading.Channels;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using MassTransit.Serialization;

namespace Fleet.Bench.Agents;

/// <summary>
/// What one simulated agent has in hand and still has to say. It outlives connections: what is not confirmed is said
/// again, under the same number.
/// </summary>
internal sealed class SimulatedWork(Guid session)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly AttemptResult Done = new(AttemptOutcome.Succeeded, ExitCode: 0);

    private readonly Channel<AttemptReport> _news = Channel.CreateUnbounded<AttemptReport>();
    private readonly HashSet<AttemptInHand> _inHand = [];
    private AgentReport? _unconfirmed;
    private TaskCompletionSource _stored = new();
    private long _numbers;

    public IReadOnlyList<AttemptInHand> Names()
    {
        lock (_inHand)
            return [.. _inHand];
    }

    /// <summary>No-op jobs are over as soon as they are taken.</summary>
    public void Hear(MessageEnvelope mail)
    {
        if (mail.As<RunAttempts>() is { } runs)
        {
            foreach (var run in runs.Attempts.Where(run => run.Session == session))
                Take(new AttemptInHand(run.WorkId, run.Attempt));
        }
        else if (mail.As<ReportStored>() is { } stored && stored.Session == session)
        {
            if (Volatile.Read(ref _unconfirmed) is { } report && stored.Number >= report.Number)
                _stored.TrySetResult();
        }
    }

    /// <summary>Says what is to be said until the line is lost; one report at a time.</summary>
    public async Task Report(string agent, AgentLine line, CancellationToken stop)
    {
        while (true)
        {
            var report = _unconfirmed ?? await Next(agent, stop);
            await line.Say(report, Guid.CreateVersion7(), stop);
            await _stored.Task.WaitAsync(Patience, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            if (!_stored.Task.IsCompleted)
                continue;
            _unconfirmed = null;
            Release(report);
        }
    }

    private void Take(AttemptInHand attempt)
    {
        lock (_inHand)
        {
            if (!_inHand.Add(attempt))
                return;
        }

        _news.Writer.TryWrite(new AttemptReport(attempt.WorkId, JobKinds.Noop, attempt.Attempt, Started: true, Finished: Done));
    }

    private async Task<AgentReport> Next(string agent, CancellationToken stop)
    {
        await _news.Reader.WaitToReadAsync(stop);
        var attempts = new List<AttemptReport>();
        while (_news.Reader.TryRead(out var attempt))
            attempts.Add(attempt);
        _stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _unconfirmed = new AgentReport(agent, session, ++_numbers, attempts);
    }

    private void Release(AgentReport report)
    {
        lock (_inHand)
            _inHand.ExceptWith(report.Attempts.Select(attempt => new AttemptInHand(attempt.WorkId, attempt.Attempt)));
    }
}
