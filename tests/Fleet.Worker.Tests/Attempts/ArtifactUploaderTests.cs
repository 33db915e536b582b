using System.Security.Cryptography;
using Fleet.Contracts.Attempts;
using Fleet.Protocol.Ids;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Attempts;

public class ArtifactUploaderTests
{
    [Fact]
    public async Task Files_are_stored_under_their_names_with_their_types()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        var result = await run.Script("""
            cd $FLEET_ARTIFACTS_DIR
            mkdir -p 'plots/deep dir'
            echo one > report.html; echo two > 'plots/deep dir/ä #1.png'; : > .hidden; echo three > odd
            """);
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        var root = $"/v1/attempts/{WireId.Format(run.Key.WorkId)}/3/artifacts/";
        control.Requests.Select(request => (request.Target, request.ContentType, request.Body)).ShouldBe(
        [
            (root + ".hidden", "application/octet-stream", ""),
            (root + "odd", "application/octet-stream", "three\n"),
            (root + "plots/deep%20dir/%C3%A4%20%231.png", "image/png", "two\n"),
            (root + "report.html", "text/html", "one\n"),
        ]);
        control.Requests.ShouldAllBe(request =>
            request.Method == "PUT" && request.Authorization == "Bearer token-of-the-test" && request.Agent == "tester");
    }

    [Fact]
    public async Task Only_plain_files_of_the_directory_are_taken()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        var result = await run.Script("""
            cd $FLEET_ARTIFACTS_DIR
            ln -s /etc/hostname link; ln -s /etc dirlink; ln -s . self; mkfifo pipe; echo x > file
            """).Within();
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        control.Requests.Select(request => Path.GetFileName(request.Target)).ShouldBe(["file"]);
    }

    [Fact]
    public async Task An_artifacts_directory_that_became_a_link_holds_nothing()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        await run.Script("rmdir $FLEET_ARTIFACTS_DIR; ln -s /etc $FLEET_ARTIFACTS_DIR");
        control.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_is_no_text_fails_the_attempt_and_the_other_files_are_stored()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        var result = await run.Script("""
            cd "$FLEET_ARTIFACTS_DIR"
            touch a z "$(printf 'a\377')"; mkdir "$(printf 'd\377')" b; touch "$(printf 'd\377')/in" b/c
            """);
        result.ErrorCode.ShouldBe("artifact_upload_failed");
        result.ErrorMessage.ShouldNotBeNull().ShouldContain("The name of 'a\uFFFD' is not valid UTF-8.");
        result.ErrorMessage.ShouldContain("The name of 'd\uFFFD' is not valid UTF-8.");
        Names(control).ShouldBe(["a", "b/c", "z"]);
    }

    [Fact]
    public async Task A_name_that_Control_refuses_is_told_with_its_reason_and_the_other_files_are_stored()
    {
        await using var control = await FakeControl.Start();
        var rule = "name: " + new string('r', 400) + " the end.";
        control.Answer = request => request.Target.Contains("%5C") ? (400, $$"""{"type":"t","detail":"{{rule}}"}""") : (201, "");
        using var run = RunAgainst(control);
        var result = await run.Script(@"cd $FLEET_ARTIFACTS_DIR; touch a 'b\c' d; exit 9");
        result.ErrorCode.ShouldBe("exit_code");
        result.ErrorMessage.ShouldNotBeNull().ShouldEndWith($@" The artifact 'b\c' could not be stored: 400 {rule}");
        Names(control).ShouldBe(["a", "b%5Cc", "d"]);
    }

    [Fact]
    public async Task A_percent_sign_in_a_name_stays_one()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        await run.Script("cd $FLEET_ARTIFACTS_DIR; mkdir a; touch a/b 'a%2Fb' 'a%2fb' 'a%252Fb' '100%' '%41' A");
        Names(control).ShouldBe(["%2541", "100%25", "A", "a%25252Fb", "a%252Fb", "a%252fb", "a/b"]);
    }

    [Fact]
    public async Task A_large_file_is_streamed()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        await run.Script("head -c 50000000 /dev/zero > $FLEET_ARTIFACTS_DIR/zeros");
        var stored = control.Requests.Single();
        stored.Size.ShouldBe(50_000_000);
        stored.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(new byte[50_000_000])));
    }

    [Fact]
    public async Task What_goes_wrong_once_is_tried_again()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => control.Requests.Count < 3 ? (503, "later") : (200, "");
        using var run = RunAgainst(control);
        var result = await run.Script("echo x > $FLEET_ARTIFACTS_DIR/a");
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        control.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_goes_on_failing_fails_the_attempt()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (500, "no disk");
        using var run = RunAgainst(control, settings => settings.ArtifactPatienceSeconds = 0.3);
        var result = await run.Script("echo x > $FLEET_ARTIFACTS_DIR/a");
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ErrorCode.ShouldBe("artifact_upload_failed");
        result.ErrorMessage.ShouldBe("The artifact 'a' could not be stored: 500 no disk");
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Control_that_is_away_fails_the_attempt_after_a_while()
    {
        using var run = new CommandRun(settings => settings.ArtifactPatienceSeconds = 0.1);
        var result = await run.Script("echo x > $FLEET_ARTIFACTS_DIR/a");
        result.ErrorCode.ShouldBe("artifact_upload_failed");
    }

    [Fact]
    public async Task A_stale_attempt_stops_uploading()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (409, "stale");
        using var run = RunAgainst(control);
        var result = await run.Script("cd $FLEET_ARTIFACTS_DIR; echo x > a; echo y > b");
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        control.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_artifacts_than_a_job_may_leave_fail_the_attempt_instead_of_being_lost()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => control.Requests.Count < 2 ? (201, "") : (409, """{"code":"too_many_artifacts"}""");
        using var run = RunAgainst(control);
        var result = await run.Script("cd $FLEET_ARTIFACTS_DIR; touch a b c").Within();
        result.ErrorCode.ShouldBe("artifact_upload_failed");
        result.ErrorMessage.ShouldNotBeNull().ShouldStartWith("The artifact 'b' could not be stored: 409");
        control.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_Control_finds_too_large_fails_the_attempt()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (413, "");
        using var run = RunAgainst(control);
        var result = await run.Script("echo x > $FLEET_ARTIFACTS_DIR/a");
        result.ErrorCode.ShouldBe("artifact_too_large");
        result.ErrorMessage.ShouldBe("The artifact 'a' is too large to be stored.");
    }

    [Fact]
    public async Task A_file_above_the_limit_of_this_side_is_not_even_sent()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control, settings => settings.MaxArtifactBytes = 3);
        (await run.Script("echo long > $FLEET_ARTIFACTS_DIR/a")).ErrorCode.ShouldBe("artifact_too_large");
        control.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_process_keeps_its_own_reason_and_its_artifacts()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        var result = await run.Script("echo x > $FLEET_ARTIFACTS_DIR/a; exit 9");
        result.ErrorCode.ShouldBe("exit_code");
        control.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_cancel_ends_an_upload_that_does_not_succeed()
    {
        await using var control = await FakeControl.Start();
        using var run = RunAgainst(control);
        control.Answer = _ =>
        {
            run.Stop.Ask(StopReason.Cancelled, TimeSpan.Zero);
            return (500, "");
        };
        var result = await run.Script("echo x > $FLEET_ARTIFACTS_DIR/a").Within();
        result.Outcome.ShouldBe(AttemptOutcome.Cancelled);
    }

    private static IEnumerable<string> Names(FakeControl control) =>
        control.Requests.Select(request => request.Target[(request.Target.IndexOf("/artifacts/", StringComparison.Ordinal) + "/artifacts/".Length)..]);

    private static CommandRun RunAgainst(FakeControl control, Action<WorkerSettings>? adjust = null) => new(settings =>
    {
        settings.Control = control.Url;
        adjust?.Invoke(settings);
    });
}
