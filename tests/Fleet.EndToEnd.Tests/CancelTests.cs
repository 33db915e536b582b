using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Cancel lands in every state.</summary>
[Collection(OneControl.Name)]
public sealed class CancelTests(OneControl fleet)
{
    [Fact]
    public async Task A_queued_job_never_starts()
    {
        var file = fleet.Home.NewFile();
        var queued = await fleet.Client.Submit(JobDraft.Script($"touch {file}").Nowhere());
        using var answer = await fleet.Client.Cancel(queued.JobId);
        await answer.Must(HttpStatusCode.Accepted);

        var job = await fleet.Client.End(queued.JobId);
        (job.State, job.Attempt, job.StartedAt, job.Error?.Code).ShouldBe(("cancelled", 0, null, "cancelled"));
        var journal = await fleet.Client.Journal(job.JobId);
        journal.MustTellOf(job);
        journal.Where(entry => entry.Type == "state").Select(entry => entry.To).ShouldBe(["queued", "cancelled"]);
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public async Task A_running_job_may_end_in_its_own_way()
    {
        var submitted = await fleet.Client.Submit(JobDraft.Script(
            "trap 'echo bye; exit 0' TERM; echo started; while :; do sleep 0.02; done"));
        await Wrote(submitted.JobId, "started\n");
        using var answer = await fleet.Client.Cancel(submitted.JobId);
        await answer.Must(HttpStatusCode.Accepted);

        var job = await fleet.Client.End(submitted.JobId);
        job.State.ShouldBe("cancelled");
        var journal = await fleet.Client.Journal(job.JobId);
        journal.MustTellOf(job);
        journal.OutputOf("stdout").ShouldBe("started\nbye\n");
        journal.Where(entry => entry.Type == "state").Select(entry => entry.To)
            .ShouldBe(["queued", "assigned", "running", "cancelling", "cancelled"]);
    }

    [Fact]
    public async Task A_job_that_will_not_end_is_killed_with_all_it_started()
    {
        var pids = fleet.Home.NewFile();
        var submitted = await fleet.Client.Submit(JobDraft.Script(
            $$"""
            trap '' TERM
            setsid sh -c 'trap "" TERM; echo $$ >> {{pids}}; while :; do sleep 0.1; done' &
            sh -c 'echo $$ >> {{pids}}; while :; do sleep 0.1; done' &
            echo $$ >> {{pids}}
            until [ "$(wc -l < {{pids}})" = 3 ]; do sleep 0.02; done
            echo all here
            while :; do sleep 0.1; done
            """) with
        { MaxAttempts = 3 });
        await Wrote(submitted.JobId, "all here\n");
        var family = File.ReadAllLines(pids).Select(int.Parse).ToArray();
        family.ShouldAllBe(pid => ProcFile.IsAlive(pid));

        using var answer = await fleet.Client.Cancel(submitted.JobId);
        FleetJson.Read<JobView>(await answer.Must(HttpStatusCode.Accepted)).State.ShouldBe("cancelling");
        using var again = await fleet.Client.Cancel(submitted.JobId);
        await again.Must(HttpStatusCode.Accepted);

        var job = await fleet.Client.End(submitted.JobId);
        (job.State, job.Signal, job.Attempt).ShouldBe(("cancelled", "SIGKILL", 1));
        family.ShouldAllBe(pid => !ProcFile.IsAlive(pid));
        var journal = await fleet.Client.Journal(job.JobId);
        journal.MustTellOf(job);
        journal.OutputOf("stdout").ShouldBe("all here\n");
        journal.Count(entry => entry.To == "cancelling").ShouldBe(1);
    }

    [Fact]
    public async Task A_finished_job_stays_as_it_is()
    {
        var before = await fleet.Client.Run(JobDraft.Noop);
        using var answer = await fleet.Client.Cancel(before.JobId);
        FleetJson.Read<JobView>(await answer.Must(HttpStatusCode.OK)).State.ShouldBe("succeeded");
        (await fleet.Client.Journal(before.JobId)).MustTellOf(before);
    }

    [Fact]
    public async Task A_job_that_waits_for_its_next_attempt_gets_none()
    {
        var submitted = await fleet.Client.Submit(JobDraft.Script("exit 1") with { MaxAttempts = 100 });
        await fleet.Client.Becomes(submitted.JobId, job => job.Attempt > 1, "a second attempt");
        using var answer = await fleet.Client.Cancel(submitted.JobId);
        var job = await fleet.Client.End(submitted.JobId);
        job.State.ShouldBe("cancelled");
        (await fleet.Client.Journal(job.JobId)).MustTellOf(job);
    }

    private Task Wrote(string jobId, string text) => Eventually.True(
        async () => await fleet.Client.Log(jobId) == text, $"job {jobId} wrote {text}");
}
