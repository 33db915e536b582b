using System.Collections.Concurrent;
using System.Globalization;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>
/// Clients of every habit that use a fleet for as long as it is rebuilt beneath them: they submit without a second try, list, wait
/// with long polls, watch jobs and everything. Whatever each finds wrong is a complaint.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Submitters = 2;
    private const int Waiters = 3;
    private const int Watchers = 2;
    private const int Lines = 40;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentBag<string> _accepted = [];
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly CancellationTokenSource _over = new();
    private readonly FleetClient _client;
    private readonly ChangesWatcher _changes;
    private readonly Task[] _habits;
    private readonly bool _agentsStay;

    private Crowd(FleetClient client, bool agentsStay)
    {
        (_client, _agentsStay) = (client, agentsStay);
        _changes = new ChangesWatcher(client);
        _habits =
        [
            _changes.Watch(_complaints.Enqueue, _over.Token),
            .. Enumerable.Range(0, Submitters).Select(_ => Again("submit", Submit)),
            .. Enumerable.Range(0, Waiters).Select(_ => Again("wait", RunAndWait)),
            .. Enumerable.Range(0, Watchers).Select(_ => Again("watch", RunAndWatch)),
            Again("list", List),
        ];
    }

    public int Accepted => _accepted.Count;

    /// <param name="agentsStay">No attempt may be lost; else what was in hand may run again.</param>
    public static async Task<Crowd> Come(FleetUnderTest fleet, Balancer balancer, bool agentsStay = true)
    {
        await balancer.Ready();
        var crowd = new Crowd(new FleetClient(fleet.Scripts.Ports.EdgeUrl, fleet.Home.AdminKey, balancer.Before), agentsStay);
        await crowd._changes.Begun.Within();
        return crowd;
    }

    /// <summary>They leave; what they were promised is there, and the one who watched everything has seen each end once.</summary>
    public async Task Leave()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_habits[1..]).Within();
        _complaints.ShouldBeEmpty();
        await _client.AllEnd(_run, _accepted.Count);
        var jobs = await _client.Walk($"label=run={_run}");
        jobs.Select(job => job.JobId).ShouldBe(_accepted, ignoreOrder: true);
        jobs.Where(job => job.State != "succeeded" || (_agentsStay && job.Attempt != 1))
            .Select(job => $"{job.JobId} {job.State} {job.Attempt} {job.Error}").ShouldBeEmpty();
        await Eventually.True(() => _changes.HasSeenEndOf(_accepted), "every end is among all that changes");
        _changes.End();
        await _habits[0].Within();
        _complaints.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _changes.End();
        await Task.WhenAll(_habits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _changes.Dispose();
        _client.Dispose();
        _over.Dispose();
    }

    private async Task Again(string habit, Func<Task> visit)
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                await visit();
            }
            catch (Exception wrong)
            {
                var at = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
                _complaints.Enqueue($"{at} {habit}: {wrong.GetBaseException().Message}");
            }

            await Task.Delay(Pace, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task Submit() => Submit(JobDraft.Noop);

    private async Task<JobView> Submit(JobDraft draft)
    {
        var job = await _client.Submit(draft.Labelled("run", _run) with { MaxAttempts = 3 });
        _accepted.Add(job.JobId);
        return job;
    }

    private Task List() => _client.List($"?label=run={_run}&limit=20");

    private async Task RunAndWait()
    {
        var job = await Submit(JobDraft.Script("sleep 1.5; printf kept > \"$FLEET_ARTIFACTS_DIR/file\""));
        job = await _client.End(job.JobId);
        job.Artifacts.Select(file => file.Name).ShouldBe(["file"], $"{job.JobId} {job.State} {job.Error}");
    }

    private async Task RunAndWatch()
    {
        var job = await Submit(JobDraft.Script($"for i in $(seq {Lines}); do echo line $i; sleep 0.1; done"));
        var watcher = new CutWatcher(_client, job.JobId);
        await watcher.Watch(() => int.MaxValue).Within();
        watcher.Troubles.ShouldBeEmpty();
        watcher.Seen.MustTellOf(await _client.Show(job.JobId));
        if (_agentsStay)
            watcher.Seen.OutputOf("stdout").ShouldBe(string.Concat(Enumerable.Range(1, Lines).Select(line => $"line {line}\n")));
    }
}
