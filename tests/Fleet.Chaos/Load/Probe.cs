using Fleet.Chaos.Output;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Load;

/// <summary>One job whose way tells whether the fleet works: first in its queue, and without a child process.</summary>
internal sealed class Probe(Api api, Ledger ledger, RunLog log)
{
    private const string Label = "probe-of";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <param name="agent">Who has to run it; null means anybody.</param>
    /// <returns>How long until it was accepted and had succeeded; null when that took too long.</returns>
    public async Task<TimeSpan?> Run(string? agent, CancellationToken stop)
    {
        var start = log.Elapsed;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(Patience);
        var draft = JobDraft.Noop.Labelled(Label, ledger.Run) with
        {
            Priority = 9,
            MaxAttempts = JobPlan.MaxAttempts,
            Target = agent is null ? null : new TargetDraft(Agent: agent),
        };
        try
        {
            var body = await api.Ask(
                HttpMethod.Post, "/v1/jobs", FleetJson.Write(draft), Guid.NewGuid().ToString("N"), enough.Token);
            return await End(FleetJson.Read<JobView>(body), enough.Token) ? log.Elapsed - start : null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
        catch (WrongAnswerException wrong)
        {
            ledger.NoteWrong(wrong.Message);
            return null;
        }
    }

    private async Task<bool> End(JobView job, CancellationToken stop)
    {
        while (!job.IsOver)
        {
            await Task.Delay(Glance, stop);
            job = FleetJson.Read<JobView>(await api.Get($"/v1/jobs/{job.JobId}", stop));
        }

        if (job.State != "succeeded")
            ledger.NoteWrong($"the probe {job.JobId} ended as {job.State}: {job.Error}");
        return job.State == "succeeded";
    }
}
