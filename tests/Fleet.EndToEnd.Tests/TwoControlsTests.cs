using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;
using LogonFile = Fleet.Tests.Shared.LogonFile;

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
    public async Task Executions_whose_Control_dies_count_each_run_once_and_a_logon_fires_once_though_its_agent_dies_too()
    {
        const int Runs = 10;
        var (gate, logons) = (new Gate(fleet.Home), new LogonFile(fleet.Home.Logons));
        try
        {
            await Post("/v1/manifests", Manifest("held", $"{gate.Wait}; exit $FLEET_PARAM_CODE"));
            await Post("/v1/manifests", Manifest("welcome", "echo welcome"));
            await Post("/v1/manifest-schedules", new
            {
                id = "welcome",
                job_id = "welcome",
                when = new { on = (string[])["logon"] },
                runs_on = "agent",
                target = new { all = true },
            });
            var executions = new List<string>();
            for (var run = 0; run < Runs; run++)
            {
                executions.Add((await Post("/v1/executions", new
                {
                    manifest = "held",
                    target = new { all = true },
                    parameters = new { code = run % 2 == 0 ? "0" : "3" },
                })).GetProperty("execution_id").GetString()!);
            }

            foreach (var execution in executions)
                await Counts(execution, pending: 0, running: 1, ok: 0, failed: 0);
            await fleet.Scripts.Kill("control-1");
            logons.Add("ada", TimeProvider.System.GetUtcNow());
            gate.Open();
            foreach (var (place, execution) in executions.Index())
                await Counts(execution, pending: 0, running: 0, ok: (place + 1) % 2, failed: place % 2);
            await Fired(1);
            await fleet.Scripts.Kill(FleetScripts.Wide);
            logons.Add("ada", TimeProvider.System.GetUtcNow());
            await fleet.Heal();
            await Fired(2); // and the first is not said to be another
            foreach (var (place, execution) in executions.Index())
                await Counts(execution, pending: 0, running: 0, ok: (place + 1) % 2, failed: place % 2);
        }
        finally
        {
            await fleet.Heal();
        }

        Task<JsonElement> Post(string path, object body) => fleet.Client.Ask<JsonElement>(
            path == "/v1/executions" ? HttpStatusCode.Accepted : HttpStatusCode.Created, HttpMethod.Post, path, FleetJson.Write(body));

        static object Manifest(string id, string script) => new
        {
            id,
            version = "1",
            execute = new { shell = "sh", timeout = "2m", script },
            parameters = (object[])[new { name = "code", @default = "0" }],
        };

        Task Counts(string execution, int pending, int running, int ok, int failed) => Eventually.True(async () =>
        {
            var counts = (await fleet.Client.Get<JsonElement>($"/v1/executions/{execution}")).GetProperty("counts");
            return (Of("pending"), Of("running"), Of("ok"), Of("failed"), Of("skipped")) == (pending, running, ok, failed, 0);
            int Of(string state) => counts.GetProperty(state).GetInt32();
        }, $"{execution} has {pending} pending, {running} running, {ok} ok and {failed} failed");

        async Task Fired(int times)
        {
            string?[] states = [];
            await Eventually.True(async () =>
            {
                states = [.. (await fleet.Client.Get<JsonElement>("/v1/executions?manifest=welcome")).GetProperty("items").EnumerateArray()
                    .Select(row => row.GetProperty("state").GetString())];
                return states.Count(state => state == "completed") >= times;
            }, $"there were {times} welcomes");
            states.Length.ShouldBe(times);
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
