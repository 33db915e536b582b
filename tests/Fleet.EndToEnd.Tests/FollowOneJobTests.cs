using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>The way of one job, as the tour tells it.</summary>
[Collection(OneControl.Name)]
public sealed class FollowOneJobTests(OneControl fleet)
{
    [Fact]
    public async Task Output_streams_line_by_line_while_the_job_runs()
    {
        var (first, second) = (new Gate(fleet.Home), new Gate(fleet.Home));
        var job = await fleet.Client.Submit(JobDraft.Script(
            $"""
            echo line 1
            {first.Wait}
            echo line 2
            {second.Wait}
            echo line 3
            """));
        using var answer = await fleet.Client.Watch(job.JobId);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await using var events = stream.Events().GetAsyncEnumerator();

        (await NextOutput(events)).ShouldBe("line 1\n");
        (await fleet.Client.Show(job.JobId)).State.ShouldBe("running");
        first.Open();
        (await NextOutput(events)).ShouldBe("line 2\n");
        (await fleet.Client.Show(job.JobId)).State.ShouldBe("running");
        second.Open();
        (await NextOutput(events)).ShouldBe("line 3\n");

        var last = events.Current;
        while (await events.MoveNextAsync())
            last = events.Current;
        last.Type.ShouldBe("end");
        FleetJson.Read<JobView>(last.Data).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_finished_job_shows_how_it_went()
    {
        var draft = JobDraft.Script(
            """
            echo out
            echo err >&2
            echo "::progress 0.4 nearly half"
            echo '{"lines": 2}' > "$FLEET_RESULT_FILE"
            exit 0
            """) with
        { Name = "how it went", Priority = 7, MaxAttempts = 2, TimeoutS = 60 };
        var accepted = await fleet.Client.Submit(draft.Labelled("team", "tour"));
        accepted.State.ShouldBe("queued");
        accepted.Links.Self.ShouldBe($"/v1/jobs/{accepted.JobId}");

        var job = await fleet.Client.End(accepted.JobId);
        job.State.ShouldBe("succeeded");
        job.ExitCode.ShouldBe(0);
        job.Signal.ShouldBeNull();
        job.Error.ShouldBeNull();
        job.Attempt.ShouldBe(1);
        (job.Name, job.Priority, job.MaxAttempts).ShouldBe(("how it went", 7, 2));
        job.Labels.ShouldBe(new() { ["team"] = "tour" });
        job.Agent.ShouldBeOneOf(FleetScripts.Wide, FleetScripts.Narrow);
        job.StartedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(job.CreatedAt);
        job.FinishedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(job.StartedAt.Value);
        job.Progress.ShouldBe(new ProgressView(0.4, "nearly half"));
        job.Result.ShouldNotBeNull().GetProperty("lines").GetInt32().ShouldBe(2);
        job.Usage.ShouldNotBeNull().PeakMemoryBytes.ShouldBeGreaterThan(0);

        var journal = await fleet.Client.Journal(job.JobId);
        journal.MustTellOf(job);
        journal.Select(entry => entry.To).Where(state => state is not null)
            .ShouldBe(["queued", "assigned", "running", "succeeded"]);
        journal.ShouldContain(entry => entry.Type == "progress" && entry.Text("text") == "nearly half");
    }

    [Fact]
    public async Task The_log_is_the_output_as_text()
    {
        var job = await fleet.Client.Run(JobDraft.Script("echo out; echo err >&2; printf 'gr\\303\\274n\\377'"));
        (await fleet.Client.Log(job.JobId, "?stream=stderr")).ShouldBe("err\n");
        using var answer = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs/{job.JobId}/log?stream=stdout");
        answer.Content.Headers.ContentType?.ToString().ShouldBe("text/plain; charset=utf-8");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe([.. "out\ngrün"u8, 0xFF]);
        (await fleet.Client.Log(job.JobId)).ShouldContain("err\n");
    }

    [Fact]
    public async Task The_log_can_be_followed_to_the_end()
    {
        var gate = new Gate(fleet.Home);
        var job = await fleet.Client.Submit(JobDraft.Script($"echo one; {gate.Wait}; echo two"));
        using var answer = await fleet.Client.Follow($"/v1/jobs/{job.JobId}/log?follow=true");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync().Within()).ShouldBe("one");
        gate.Open();
        (await reader.ReadToEndAsync().Within()).ShouldBe("two\n");
    }

    [Fact]
    public async Task A_long_poll_answers_when_the_job_ends()
    {
        var gate = new Gate(fleet.Home);
        var job = await fleet.Client.Submit(JobDraft.Script(gate.Wait));
        var poll = fleet.Client.Show(job.JobId, "?wait=60");
        await fleet.Client.Becomes(job.JobId, "running");
        poll.IsCompleted.ShouldBeFalse();
        gate.Open();
        (await poll).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_long_poll_answers_when_its_time_is_over()
    {
        var job = await fleet.Client.Submit(JobDraft.Noop.Nowhere());
        (await fleet.Client.Show(job.JobId, "?wait=0.2")).State.ShouldBe("queued");
    }

    [Fact]
    public async Task The_older_paths_of_jobs_lead_to_the_same_jobs()
    {
        var job = await fleet.Client.Run(JobDraft.Noop);
        using var shown = await fleet.Client.Send(HttpMethod.Get, $"/jobs/{job.JobId}");
        var words = FleetJson.Read<JsonElement>(await shown.Must(HttpStatusCode.OK));
        words.GetProperty("job_id").GetString().ShouldBe(job.JobId);
        words.GetProperty("state").GetString().ShouldBe("done"); // in foreman's words
        using var log = await fleet.Client.Send(HttpMethod.Get, $"/jobs/{job.JobId}/log");
        log.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_retry_is_a_new_job_that_names_the_old_one()
    {
        var old = await fleet.Client.Run(JobDraft.Script("exit 3"));
        (old.State, old.ExitCode, old.Error?.Code).ShouldBe(("failed", 3, "exit_code"));
        var again = await fleet.Client.Ask<JobView>(
            HttpStatusCode.Accepted, HttpMethod.Post, $"/v1/jobs/{old.JobId}/retry");
        again.JobId.ShouldNotBe(old.JobId);
        again.RetryOf.ShouldBe(old.JobId);
        (await fleet.Client.End(again.JobId)).ExitCode.ShouldBe(3);
    }

    private static async Task<string?> NextOutput(IAsyncEnumerator<JournalEvent> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Type == "output")
                return events.Current.Text("text");
        }

        return null;
    }
}
