using Fleet.Contracts.Jobs;
using Fleet.Protocol.Ids;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

public class CommandEnvironmentTests
{
    [Fact]
    public async Task No_secret_of_the_worker_reaches_a_child()
    {
        string[] secrets =
            ["Worker__Token", "WORKER__ENROLMENTTOKEN", "rabbit__password", "DOTNET_Worker__Token", "FLEET_HOME", "Other"];
        foreach (var name in secrets)
            Environment.SetEnvironmentVariable(name, "token-of-the-test");
        Environment.SetEnvironmentVariable("Harmless", "yes");
        Environment.SetEnvironmentVariable("Unknown", "whatever");
        using var run = new CommandRun(settings => settings.ChildEnvironment = ["Harmless", "Other"]);
        await run.Program("env");
        foreach (var name in secrets)
            Environment.SetEnvironmentVariable(name, null);
        run.Output.ShouldNotContain("token-of-the-test");
        run.Output.ShouldNotContain("Unknown");
        run.Output.ShouldContain("Harmless=yes\n");
        run.Output.ShouldContain("PATH=");
    }

    [Fact]
    public async Task A_child_cannot_speak_to_systemd_for_the_worker()
    {
        Environment.SetEnvironmentVariable("WATCHDOG_PID", "1");
        using var run = new CommandRun();
        await run.Program("env");
        Environment.SetEnvironmentVariable("WATCHDOG_PID", null);
        run.Output.ShouldNotContain("WATCHDOG");
        run.Output.ShouldNotContain("NOTIFY_SOCKET");
    }

    [Fact]
    public async Task A_child_knows_which_attempt_it_is()
    {
        using var run = new CommandRun();
        await run.Script(
            "echo $FLEET_JOB_ID $FLEET_ATTEMPT $FLEET_AGENT; echo $FLEET_ARTIFACTS_DIR $FLEET_RESULT_FILE");
        run.Output.ShouldBe(
            $"{WireId.Format(run.Key.WorkId)} 3 tester\n{run.Directory.Artifacts} {run.Directory.ResultFile}\n");
    }

    [Fact]
    public async Task A_job_adds_its_own_but_cannot_pose_as_another()
    {
        using var run = new CommandRun();
        var env = new Dictionary<string, string>
        {
            ["GREETING"] = "hi there",
            ["FLEET_ATTEMPT"] = "99",
            ["EMPTY"] = "",
        };
        await run.Run(new CommandSpec(Script: "echo $GREETING $FLEET_ATTEMPT ${EMPTY-unset}", Shell: "sh", Env: env));
        run.Output.ShouldBe("hi there 3\n");
    }

    [Fact]
    public async Task A_program_is_looked_up_in_the_path_of_the_job()
    {
        using var run = new CommandRun();
        run.Directory.Write("hello", "#!/bin/sh\necho from my path\n");
        var env = new Dictionary<string, string> { ["PATH"] = run.Directory.Root };
        await run.Run(new CommandSpec("hello", Env: env));
        run.Output.ShouldBe("from my path\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("A=B")]
    [InlineData("A\0B")]
    public async Task A_name_that_no_variable_can_have_fails_the_start(string name)
    {
        using var run = new CommandRun();
        var result = await run.Run(new CommandSpec("env", Env: new Dictionary<string, string> { [name] = "x" }));
        result.ErrorCode.ShouldBe("start_failed");
    }
}
