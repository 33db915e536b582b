using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Platform.Reports;

/// <summary>
/// Says everything this agent has to say, in numbered reports, one at a time: the next leaves when the last is
/// confirmed, and what happens meanwhile goes together in it. What happens alone goes at once.
/// </summary>
internal sealed class Reporter(
    AgentSession session,
    WorkInHand work,
    AttemptLog attemptLog,
    IOutExchange exchange,
    WorkerSettings settings,
    ILogger<Reporter> log) : BackgroundService
{
    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(settings.ReportPatienceSeconds);
    private readonly ReportBuffer _buffer = new(settings.MaxReportBytes);
    private readonly ByteBudget _room = new(settings.OutputBufferBytes);
    private readonly Signal _due = new();
    private volatile Awaited? _awaited;

    /// <summary>Output bytes that Control has not confirmed.</summary>
    public long BytesHeld => _room.Taken;

    public void Started(AttemptKey key) => Note(key, pending => pending.Started = true);

    /// <summary>Waits while too much output is unconfirmed.</summary>
    public async Task Wrote(AttemptKey key, OutputChunk chunk)
    {
        await _room.Take(chunk.Bytes.Length);
        Note(key, pending => pending.Add(chunk));
    }

    public void Progressed(AttemptKey key, ProgressReport progress) => Note(key, pending => pending.Progress = progress);

    public void Finished(AttemptKey key, AttemptResult result)
    {
        var end = new AttemptLogEnd(result, OutputOwed: BytesHeld > 0);
        Keep(new AttemptLogEntry(AttemptLogStep.Finished, key, End: end));
        Note(key, pending => pending.Finished = result);
    }

    /// <summary>It started and it is over, in one: nothing happened in between.</summary>
    public void StartedAndFinished(AttemptKey key, AttemptResult result)
    {
        Keep(new AttemptLogEntry(AttemptLogStep.Finished, key, End: new AttemptLogEnd(result, OutputOwed: false)));
        Note(key, pending =>
        {
            pending.Started = true;
            pending.Finished = result;
        });
    }

    /// <summary>Control has stored the report of this number.</summary>
    public void Confirm(long number)
    {
        if (_awaited is { } awaited && number >= awaited.Number)
            awaited.Stored.TrySetResult();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await session.Known.WaitAsync(stoppingToken);
        for (long number = 1; ;)
        {
            if (_buffer.Take() is not { } draft)
            {
                await _due.Wait(stoppingToken);
                continue;
            }

            await Deliver(new AgentReport(session.Agent, session.Id, number++, draft.Attempts), stoppingToken);
            _room.Return(draft.OutputBytes);
            Release([.. from attempt in draft.Attempts
                        where attempt.Finished is not null
                        select new AttemptKey(attempt.WorkId, attempt.Kind, attempt.Attempt)]);
        }
    }

    private void Release(List<AttemptKey> ended)
    {
        Keep([.. ended.Select(key => new AttemptLogEntry(AttemptLogStep.Confirmed, key))]);
        ended.ForEach(work.Release);
    }

    /// <summary>An end that cannot be written down is told all the same: only a crash before that would lose it.</summary>
    private void Keep(params AttemptLogEntry[] entries)
    {
        try
        {
            attemptLog.Write(entries);
        }
        catch (IOException refused)
        {
            log.AttemptLogFailed(refused.Message);
        }
    }

    private void Note(AttemptKey key, Action<PendingReport> note)
    {
        _buffer.Add(key, note);
        _due.Raise();
    }

    private async Task Deliver(AgentReport report, CancellationToken stop)
    {
        var stored = (_awaited = new Awaited(report.Number)).Stored.Task;
        var messageId = Guid.CreateVersion7();
        while (!stored.IsCompleted)
        {
            var taken = await TrySend(report, messageId, stop);
            var patience = taken ? _patience : Shorter(_pauseAfterFailure, _patience);
            await stored.WaitAsync(patience, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            if (taken && !stored.IsCompleted)
                log.Unconfirmed(report.Number, _patience.TotalSeconds);
        }
    }

    private async Task<bool> TrySend(AgentReport report, Guid messageId, CancellationToken stop)
    {
        try
        {
            await exchange.Send(report, messageId, stop);
            return true;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.NotSent(report.Number, failure.Message);
            return false;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed record Awaited(long Number)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
