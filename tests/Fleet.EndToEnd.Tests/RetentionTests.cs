using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Finished work goes: now, or when its time is over, and nothing of it stays behind.</summary>
[Collection(QuickLeases.Name)]
public sealed class RetentionTests(QuickLeases fleet)
{
    private const string Orphans =
        """
        select (select count(*) from journal where stream not in (select id from work))
            + (select count(*) from artifacts where complete and owner_id not in (select id from work))
            + (select count(*) from work full join work_state using (id) where tenant is null or state is null)
            + (select count(*) from work_removals)
        """;

    [Fact]
    public async Task A_job_that_is_deleted_is_gone_with_its_journal_and_its_files()
    {
        var job = await fleet.Client.Run(JobDraft.Script("echo hello; printf abc > \"$FLEET_ARTIFACTS_DIR/a.txt\""));
        job.Artifacts.Count.ShouldBe(1);
        await Must(HttpStatusCode.NoContent, HttpMethod.Delete, $"/v1/jobs/{job.JobId}");
        foreach (var path in (string[])["", "/events", "/log", "/artifacts", "/artifacts/a.txt", "/explain"])
            await Must(HttpStatusCode.NotFound, HttpMethod.Get, $"/v1/jobs/{job.JobId}{path}");
        await Must(HttpStatusCode.NotFound, HttpMethod.Delete, $"/v1/jobs/{job.JobId}");
        await NothingIsLeft();
    }

    [Fact]
    public async Task What_is_not_finished_or_held_says_what_to_do_first()
    {
        var job = await fleet.Client.Submit(JobDraft.Noop.Nowhere());
        (await Must(HttpStatusCode.Conflict, HttpMethod.Delete, $"/v1/jobs/{job.JobId}")).ShouldContain("not_finished");
        await Must(HttpStatusCode.OK, HttpMethod.Post, $"/v1/jobs/{job.JobId}/hold");
        using (var _ = await fleet.Client.Cancel(job.JobId))
        {
        }

        (await Must(HttpStatusCode.Conflict, HttpMethod.Delete, $"/v1/jobs/{job.JobId}")).ShouldContain("\"held\"");
        (await Must(HttpStatusCode.OK, HttpMethod.Post, $"/v1/jobs/{job.JobId}/release")).ShouldContain("\"held\":false");
        await Must(HttpStatusCode.NoContent, HttpMethod.Delete, $"/v1/jobs/{job.JobId}");
    }

    [Fact]
    public async Task A_rule_removes_what_it_names_but_not_what_is_held()
    {
        var run = Guid.NewGuid().ToString("N");
        var named = await fleet.Client.Run(JobDraft.Noop.Labelled("run", run));
        var held = await fleet.Client.Run(JobDraft.Noop.Labelled("run", run));
        var other = await fleet.Client.Run(JobDraft.Noop);
        await Must(HttpStatusCode.OK, HttpMethod.Post, $"/v1/jobs/{held.JobId}/hold");

        var rule = $$"""{"kind":"noop","labels":{"run":"{{run}}"},"keep":"1s"}""";
        await Eventually.True(
            async () => await Must(HttpStatusCode.OK, HttpMethod.Post, "/v1/retention-rules?dry_run=true", rule) == """{"would_remove":1}""",
            "one job is due");
        using var made = JsonDocument.Parse(await Must(HttpStatusCode.Created, HttpMethod.Post, "/v1/retention-rules", rule));
        await Gone(named.JobId);
        (await fleet.Client.Show(held.JobId)).State.ShouldBe("succeeded");
        await Must(HttpStatusCode.OK, HttpMethod.Post, $"/v1/jobs/{held.JobId}/release");
        await Gone(held.JobId);
        (await fleet.Client.Show(other.JobId)).State.ShouldBe("succeeded");

        await Must(HttpStatusCode.NoContent, HttpMethod.Delete, $"/v1/retention-rules/{made.RootElement.GetProperty("rule_id").GetString()}");
        (await Must(HttpStatusCode.OK, HttpMethod.Get, "/v1/audit?key=retention&limit=1")).ShouldContain(held.JobId);
    }

    [Fact]
    public async Task A_control_that_is_killed_while_it_removes_leaves_nothing_behind()
    {
        var run = Guid.NewGuid().ToString("N");
        var jobs = Enumerable.Repeat(JobDraft.Noop.Labelled("run", run), 1000);
        for (var i = 0; i < 3; i++)
            await fleet.Client.Submit(jobs);
        await fleet.Client.AllEnd(run, 3000);
        var before = await fleet.Database.Count("select count(*) from work");
        try
        {
            var rule = $$"""{"labels":{"run":"{{run}}"},"keep":"0s"}""";
            using var made = JsonDocument.Parse(await Must(HttpStatusCode.Created, HttpMethod.Post, "/v1/retention-rules", rule));
            await Eventually.True(
                async () => await fleet.Database.Count("select count(*) from work") < before, "some are gone");
            await fleet.Scripts.Kill("control-1");
            (await fleet.Database.Count("select count(*) from work")).ShouldBeGreaterThan(before - 3000, "too late to disturb anything");
            await fleet.Scripts.Restart("control-1");
            await Eventually.True(
                async () => (await fleet.Client.List($"?label=run={run}&limit=1")).Items.Count == 0, "all are gone");
            await NothingIsLeft();
            await Must(HttpStatusCode.NoContent, HttpMethod.Delete, $"/v1/retention-rules/{made.RootElement.GetProperty("rule_id").GetString()}");
        }
        finally
        {
            await fleet.Heal();
        }
    }

    private Task NothingIsLeft() =>
        Eventually.True(async () => await fleet.Database.Count(Orphans) == 0, "nothing of removed jobs is left");

    private Task Gone(string job) => Eventually.True(
        async () =>
        {
            using var answer = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs/{job}");
            return answer.StatusCode == HttpStatusCode.NotFound;
        },
        $"job {job} is gone");

    private async Task<string> Must(HttpStatusCode expected, HttpMethod method, string path, string? json = null)
    {
        using var answer = await fleet.Client.Send(method, path, json);
        return await answer.Must(expected);
    }
}
