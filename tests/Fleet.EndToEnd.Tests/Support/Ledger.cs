using System.Collections.Concurrent;
using System.Net;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// What one client was promised: every job that was answered 202, whatever broke meanwhile. Its jobs write down each
/// attempt that completes, so that what happened can be compared with what is shown.
/// </summary>
internal sealed class Ledger(FleetUnderTest fleet)
{
    private const int AtOnce = 8;
    private const int ListLength = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, string> _accepted = [];
    private readonly string _effects = fleet.Home.NewSharedFile();

    /// <summary>The label <c>run</c> of all of them.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Job id to kind.</summary>
    public IReadOnlyDictionary<string, string> Accepted => _accepted;

    /// <summary>Lines <c>job attempt</c>, in the order in which attempts completed.</summary>
    public string[] Effects => File.Exists(_effects) ? File.ReadAllLines(_effects) : [];

    /// <summary>Submits single jobs and lists, several at once, and does not give up before all are accepted.</summary>
    public async Task Submit(int count)
    {
        var bodies = Enumerable.Range(0, count / (ListLength * 2)).SelectMany(Bodies);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(bodies, options, async (body, _) => await SubmitStubbornly(body));
    }

    /// <summary>As many single jobs as stand in the list behind them.</summary>
    private IEnumerable<string> Bodies(int round)
    {
        var drafts = Enumerable.Range(0, ListLength).Select(i => Draft(round + i)).ToArray();
        return drafts.Select(FleetJson.Write).Append(FleetJson.Write(drafts));
    }

    private JobDraft Draft(int number)
    {
        var draft = number % 5 == 0
            ? JobDraft.Noop
            : JobDraft.Script(
                $"sleep 0.{4 + (number % 5)}; echo \"$FLEET_JOB_ID $FLEET_ATTEMPT\" >> \"$EFFECTS\"",
                new Dictionary<string, string> { ["EFFECTS"] = _effects });
        return draft.Labelled("run", Run) with { MaxAttempts = 5 };
    }

    private async Task SubmitStubbornly(string body)
    {
        var key = Guid.NewGuid().ToString("N");
        var since = TimeProvider.System.GetTimestamp();
        while (!await TrySubmit(body, key))
        {
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Eventually.Patience, "it was never accepted");
            await Task.Delay(Pause);
        }
    }

    /// <returns>False when it is not known whether it was accepted: the same key again will tell.</returns>
    private async Task<bool> TrySubmit(string body, string key)
    {
        try
        {
            using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", body, ("Idempotency-Key", key));
            if (answer.StatusCode is >= HttpStatusCode.InternalServerError and not HttpStatusCode.InternalServerError)
                return false;
            Note(await answer.Must(HttpStatusCode.Accepted));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Note(string body)
    {
        IReadOnlyList<JobView> jobs = body.StartsWith("{\"items\"", StringComparison.Ordinal)
            ? FleetJson.Read<PageView<JobView>>(body).Items
            : [FleetJson.Read<JobView>(body)];
        foreach (var job in jobs)
            _accepted.TryAdd(job.JobId, job.Kind).ShouldBeTrue($"job {job.JobId} was accepted twice");
    }
}
