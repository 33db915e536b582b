using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Two Control processes are as one.</summary>
[Collection(TwoControls.Name)]
public sealed class TwoControlsTests(TwoControls fleet)
{
    [Theory]
    [InlineData("control-1")]
    [InlineData("control-2")]
    public async Task The_edge_answers_and_jobs_run_while_one_of_them_is_dead(string dead)
    {
        try
        {
            await fleet.Client.Run(JobDraft.Noop);
            await fleet.Scripts.Kill(dead);
            for (var i = 0; i < 50; i++)
            {
                using var answer = await fleet.Client.Send(HttpMethod.Get, "/v1/jobs?limit=1");
                await answer.Must(HttpStatusCode.OK);
            }

            var jobs = new List<JobView>();
            for (var i = 0; i < 20; i++)
                jobs.Add(await fleet.Client.Submit(JobDraft.Noop));
            foreach (var job in jobs)
                (await fleet.Client.End(job.JobId)).State.ShouldBe("succeeded");
        }
        finally
        {
            await fleet.Scripts.Restart(dead);
        }
    }

    [Fact]
    public async Task A_watcher_whose_Control_dies_goes_on_with_the_other()
    {
        var gate = new Gate(fleet.Home);
        try
        {
            var submitted = await fleet.Client.Submit(JobDraft.Script(
                $"for i in $(seq 50); do echo early $i; done; {gate.Wait}; for i in $(seq 50); do echo late $i; done"));
            var watcher = new CutWatcher(fleet.Client, submitted.JobId);
            var whole = watcher.Watch(() => int.MaxValue);
            await Eventually.True(
                () => watcher.Seen.OutputOf("stdout").EndsWith("early 50\n", StringComparison.Ordinal), "early lines");
            await fleet.Scripts.Kill("control-1");
            gate.Open();
            await fleet.Scripts.Restart("control-1");
            await whole.Within();
            watcher.Seen.MustTellOf(await fleet.Client.Show(submitted.JobId));
            watcher.Seen.OutputOf("stdout").ShouldEndWith("late 50\n");
        }
        finally
        {
            await fleet.Heal();
        }
    }
}
