using Fleet.Contracts.Attempts;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

public class ResultFileTests
{
    [Fact]
    public async Task Json_in_the_result_file_is_the_result()
    {
        using var run = new CommandRun();
        var result = await run.Script("""printf '{"loss": 0.1}' > $FLEET_RESULT_FILE""");
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        result.ResultJson.ShouldBe("""{"loss": 0.1}""");
    }

    [Fact]
    public async Task A_failed_attempt_keeps_its_result_and_its_reason()
    {
        using var run = new CommandRun();
        var result = await run.Script("echo 1 > $FLEET_RESULT_FILE; exit 4");
        result.ResultJson.ShouldBe("1\n");
        result.ErrorCode.ShouldBe("exit_code");
    }

    [Theory]
    [InlineData("printf '{\"a\":' > $FLEET_RESULT_FILE")]
    [InlineData("printf '\"\\377\"' > $FLEET_RESULT_FILE")]
    [InlineData("printf '\"\\\\ud800\"' > $FLEET_RESULT_FILE")]
    [InlineData(": > $FLEET_RESULT_FILE")]
    [InlineData("mkdir $FLEET_RESULT_FILE")]
    [InlineData("mkfifo $FLEET_RESULT_FILE")]
    [InlineData("ln -s /etc/hostname $FLEET_RESULT_FILE")]
    [InlineData("ln -s nowhere $FLEET_RESULT_FILE")]
    public async Task What_is_no_json_in_a_plain_file_fails_the_attempt(string script)
    {
        using var run = new CommandRun();
        var result = await run.Script(script).Within();
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ExitCode.ShouldBe(0);
        result.ErrorCode.ShouldBe("result_invalid");
        result.ResultJson.ShouldBeNull();
    }

    [Fact]
    public async Task A_result_that_is_too_large_fails_the_attempt()
    {
        using var run = new CommandRun(settings => settings.MaxResultBytes = 10);
        var result = await run.Script("echo '[1,2,3,4,5,6,7]' > $FLEET_RESULT_FILE");
        result.ErrorCode.ShouldBe("result_too_large");
        result.ErrorMessage.ShouldBe("The result file is larger than 10 bytes.");
    }
}
