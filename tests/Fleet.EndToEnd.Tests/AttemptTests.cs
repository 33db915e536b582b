using System.Text;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>How attempts go, and when there is another one.</summary>
[Collection(OneControl.Name)]
public sealed class AttemptTests(OneControl fleet)
{
    [Fact]
    public async Task A_job_that_fails_twice_succeeds_with_its_third_attempt()
    {
        var counter = fleet.Home.NewSharedFile();
        var job = await fleet.Client.Run(JobDraft.Script(
            $"echo \"$FLEET_ATTEMPT\" >> {counter}; echo try $FLEET_ATTEMPT; [ \"$(wc -l < {counter})\" = 3 ]") with
        { MaxAttempts = 3 });
        (job.State, job.Attempt, job.ExitCode, job.Error).ShouldBe(("succeeded", 3, 0, null));
        File.ReadAllLines(counter).ShouldBe(["1", "2", "3"]);
        var journal = await fleet.Client.Journal(job.JobId);
        journal.MustTellOf(job);
        journal.OutputOf("stdout").ShouldBe("try 1\ntry 2\ntry 3\n");
        journal.Count(entry => entry.To == "running").ShouldBe(3);
    }

    [Fact]
    public async Task A_job_fails_when_its_attempts_are_used_up()
    {
        var job = await fleet.Client.Run(JobDraft.Script("exit 7") with { MaxAttempts = 2 });
        (job.State, job.Attempt, job.ExitCode, job.Error?.Code).ShouldBe(("failed", 2, 7, "exit_code"));
        (await fleet.Client.Journal(job.JobId)).MustTellOf(job);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_ended()
    {
        var job = await fleet.Client.Run(JobDraft.Script("echo begun; sleep 600") with { TimeoutS = 5 });
        (job.State, job.Error?.Code).ShouldBe(("failed", "timeout"));
        (await fleet.Client.Log(job.JobId)).ShouldBe("begun\n");
    }

    [Fact]
    public async Task A_job_that_has_not_started_in_time_expires()
    {
        var draft = JobDraft.Noop.Nowhere() with { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(2) };
        var job = await fleet.Client.Run(draft);
        (job.State, job.Attempt, job.StartedAt, job.Error?.Code).ShouldBe(("expired", 0, null, "expired"));
        job.FinishedAt.ShouldNotBeNull().ShouldBeGreaterThan(draft.ExpiresAt!.Value.AddMilliseconds(-100));
        (await fleet.Client.Journal(job.JobId)).MustTellOf(job);
    }

    [Fact]
    public async Task A_job_that_has_started_in_time_does_not_expire()
    {
        var gate = new Gate(fleet.Home);
        var expiry = DateTimeOffset.UtcNow.AddSeconds(15);
        var started = await fleet.Client.Submit(JobDraft.Script(gate.Wait) with { ExpiresAt = expiry });
        var late = await fleet.Client.Submit(JobDraft.Noop.Nowhere() with { ExpiresAt = expiry });
        (await fleet.Client.End(late.JobId)).State.ShouldBe("expired");
        gate.Open();
        (await fleet.Client.End(started.JobId)).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_program_gets_its_arguments_as_they_are()
    {
        var job = await fleet.Client.Run(JobDraft.Program("printf", "[%s]", "a b", "$HOME", "*", "ü"));
        (await fleet.Client.Log(job.JobId)).ShouldBe("[a b][$HOME][*][ü]");
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_a_failure_with_a_reason()
    {
        var job = await fleet.Client.Run(JobDraft.Program("/no/such/program"));
        (job.State, job.Error?.Code, job.ExitCode).ShouldBe(("failed", "start_failed", null));
        job.Error!.Message.ShouldContain("/no/such/program");
    }

    [Fact]
    public async Task A_job_that_dies_by_a_signal_shows_it()
    {
        var job = await fleet.Client.Run(JobDraft.Script("kill -SEGV $$"));
        (job.State, job.Signal, job.ExitCode, job.Error?.Code).ShouldBe(("failed", "SIGSEGV", null, "signal"));
    }

    [Fact]
    public async Task A_job_knows_who_it_is_and_gets_its_input_and_environment()
    {
        var draft = JobDraft.Script("cat; echo \"$FLEET_JOB_ID $FLEET_ATTEMPT $COLOUR\"; env");
        var job = await fleet.Client.Run(draft with
        {
            Command = draft.Command! with { Stdin = "from stdin\n", Env = new() { ["COLOUR"] = "blue" } },
        });
        var log = await fleet.Client.Log(job.JobId);
        log.ShouldStartWith($"from stdin\n{job.JobId} 1 blue\n");
        log.ShouldNotContain(fleet.Home.AdminKey);
        log.ShouldNotContain("Worker__");
    }

    [Fact]
    public async Task Progress_is_told_as_it_comes_and_is_no_output()
    {
        var gate = new Gate(fleet.Home);
        var submitted = await fleet.Client.Submit(JobDraft.Script(
            $"echo '::progress 0.25 a quarter'; {gate.Wait}; echo '::progress 1 all'; echo done"));
        var half = await fleet.Client.Becomes(submitted.JobId, job => job.Progress is not null, "progress");
        (half.State, half.Progress).ShouldBe(("running", new ProgressView(0.25, "a quarter")));
        gate.Open();
        var job = await fleet.Client.End(submitted.JobId);
        job.Progress.ShouldBe(new ProgressView(1, "all"));
        (await fleet.Client.Log(job.JobId)).ShouldBe("done\n");
    }

    [Fact]
    public async Task Output_of_some_megabytes_with_endless_lines_and_raw_bytes_arrives_byte_for_byte()
    {
        var job = await fleet.Client.Run(JobDraft.Script(
            "head -c 3000000 /dev/zero | tr '\\0' x; head -c 65536 /dev/urandom > r; cat r; sha256sum < r >&2"));
        using var answer = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs/{job.JobId}/log?stream=stdout");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        bytes.Length.ShouldBe(3_000_000 + 65_536);
        bytes.AsSpan(0, 3_000_000).IndexOfAnyExcept((byte)'x').ShouldBe(-1);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(3_000_000)));
        (await fleet.Client.Log(job.JobId, "?stream=stderr")).ShouldStartWith(hash);
    }

    [Fact]
    public async Task A_result_that_is_no_JSON_fails_the_attempt()
    {
        var job = await fleet.Client.Run(JobDraft.Script("printf '{\"half\":' > \"$FLEET_RESULT_FILE\""));
        job.State.ShouldBe("failed");
        job.Result.ShouldBeNull();
        Encoding.UTF8.GetByteCount(job.Error.ShouldNotBeNull().Message).ShouldBeGreaterThan(0);
    }
}
