using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

public class CommandExecutorTests
{
    [Fact]
    public async Task Exit_code_0_is_success()
    {
        using var run = new CommandRun();
        var result = await run.Script("echo hello; echo oops >&2");
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        result.ExitCode.ShouldBe(0);
        result.Signal.ShouldBeNull();
        result.ErrorCode.ShouldBeNull();
        run.Output.ShouldBe("hello\n");
        run.Error.ShouldBe("oops\n");
    }

    [Fact]
    public async Task Another_exit_code_is_a_failure_that_names_it()
    {
        using var run = new CommandRun();
        var result = await run.Script("exit 3");
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ExitCode.ShouldBe(3);
        result.ErrorCode.ShouldBe("exit_code");
        result.ErrorMessage.ShouldBe("The process exited with code 3.");
    }

    [Fact]
    public async Task A_signal_is_a_failure_that_names_it()
    {
        using var run = new CommandRun();
        var result = await run.Script("kill -SEGV $$");
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ExitCode.ShouldBeNull();
        result.Signal.ShouldBe("SIGSEGV");
        result.ErrorCode.ShouldBe("signal");
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        using var run = new CommandRun();
        await run.Program("printf", "%s|", "a b", "$HOME", "'\"; ls", "", "*", "ä\n");
        run.Output.ShouldBe("a b|$HOME|'\"; ls||*|ä\n|");
    }

    [Theory]
    [InlineData("no-such-program-anywhere", "The program 'no-such-program-anywhere' was not found in PATH")]
    [InlineData("/no/such/file", "The program '/no/such/file' cannot be started: No such file or directory.")]
    [InlineData("/etc/passwd", "The program '/etc/passwd' cannot be started: Permission denied.")]
    public async Task A_program_that_cannot_start_is_a_failure_that_says_why(string program, string why)
    {
        using var run = new CommandRun();
        var result = await run.Program(program);
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ErrorCode.ShouldBe("start_failed");
        result.ErrorMessage.ShouldNotBeNull().ShouldStartWith(why);
    }

    [Fact]
    public async Task A_missing_shell_is_named()
    {
        using var run = new CommandRun();
        var result = await run.Script("exit", shell: "powershell");
        result.ErrorCode.ShouldBe("start_failed");
        result.ErrorMessage.ShouldNotBeNull().ShouldStartWith("The shell 'powershell' was not found in PATH");
    }

    [Fact]
    public async Task A_script_may_be_for_bash()
    {
        using var run = new CommandRun();
        await run.Script("a=(x y); echo ${a[1]}", shell: "bash");
        run.Output.ShouldBe("y\n");
    }

    [Fact]
    public async Task Work_starts_in_an_empty_directory_of_its_own()
    {
        using var run = new CommandRun();
        await run.Script("pwd; ls -A | wc -l");
        run.Output.ShouldBe($"{run.Directory.Work}\n0\n");
    }

    [Fact]
    public async Task Work_starts_where_it_is_told_to()
    {
        using var run = new CommandRun();
        await run.Run(new CommandSpec("pwd", Cwd: "/usr"));
        run.Output.ShouldBe("/usr\n");
    }

    [Theory]
    [InlineData(".")]
    [InlineData("./")]
    [InlineData("a/..")]
    public async Task A_relative_place_is_in_the_directory_of_the_attempt(string cwd)
    {
        using var run = new CommandRun();
        await run.Run(new CommandSpec("pwd", Cwd: cwd));
        run.Output.ShouldBe($"{run.Directory.Work}\n");
    }

    [Theory]
    [InlineData("..", "The working directory '..' leads out of the attempt's own: give it as an absolute path.")]
    [InlineData("a/../../x", "The working directory 'a/../../x' leads out of the attempt's own: give it as an absolute path.")]
    [InlineData("../work-2", "The working directory '../work-2' leads out of the attempt's own: give it as an absolute path.")]
    [InlineData("sub", "The working directory 'sub' does not exist.")]
    [InlineData("/etc/passwd", "The working directory '/etc/passwd' is no directory but a file.")]
    public async Task A_place_where_nothing_can_start_is_refused_with_the_reason(string cwd, string sentence)
    {
        using var run = new CommandRun();
        var result = await run.Run(new CommandSpec("pwd", Cwd: cwd));
        (result.ErrorCode, result.ErrorMessage).ShouldBe(("start_failed", sentence));
    }

    [Fact]
    public async Task A_relative_search_path_is_relative_to_where_the_work_starts()
    {
        using var run = new CommandRun();
        File.WriteAllText(Path.Combine(run.Directory.Work, "mine"), "#!/bin/sh\necho found\n");
        File.SetUnixFileMode(Path.Combine(run.Directory.Work, "mine"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await run.Run(new CommandSpec("mine", Env: new Dictionary<string, string> { ["PATH"] = ".:/usr/bin:/bin" }));
        run.Output.ShouldBe("found\n");
        using var other = new CommandRun();
        (await other.Run(new CommandSpec("Fleet.Worker.Tests", Env: new Dictionary<string, string> { ["PATH"] = "." })))
            .ErrorCode.ShouldBe("start_failed");
    }

    [Fact]
    public async Task A_working_directory_that_is_not_there_is_named()
    {
        using var run = new CommandRun();
        var result = await run.Run(new CommandSpec("pwd", Cwd: "/not/there"));
        result.ErrorCode.ShouldBe("start_failed");
        result.ErrorMessage.ShouldBe("The working directory '/not/there' does not exist.");
    }

    [Fact]
    public async Task What_people_read_holds_no_control_characters()
    {
        using var run = new CommandRun();
        var result = await run.Run(new CommandSpec("pwd", Cwd: "/a\0b"));
        result.ErrorMessage.ShouldBe("The working directory '/a\uFFFDb' does not exist.");
    }

    [Fact]
    public async Task Standard_input_is_the_given_text_or_nothing()
    {
        using var with = new CommandRun();
        await with.Run(new CommandSpec("cat", Stdin: "ä line\n"));
        with.Output.ShouldBe("ä line\n");

        using var without = new CommandRun();
        (await without.Program("cat")).ExitCode.ShouldBe(0);
        without.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Time_and_memory_are_measured()
    {
        using var run = new CommandRun();
        var result = await run.Script(
            "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done;"
            + "head -c 900000000 /dev/zero | tail -c 900000000 | wc -c"); // more than the tests' own process ever had
        result.CpuSeconds.ShouldNotBeNull().ShouldBeGreaterThan(0.05);
        result.PeakMemoryBytes.ShouldNotBeNull().ShouldBeInRange(890_000_000, 1_000_000_000);
    }

    [Fact]
    public async Task A_small_process_is_not_charged_with_the_memory_of_the_worker()
    {
        using var run = new CommandRun();
        var gate = run.Directory.Write("gate", "");
        run.WhenOutput = _ => File.AppendAllText(gate, "open");
        var result = await run.Script($"echo seen; while [ ! -s {gate} ]; do sleep 0.01; done");
        result.PeakMemoryBytes.ShouldNotBeNull().ShouldBeLessThan(20_000_000);
    }

    [Fact]
    public async Task Children_inherit_no_file_but_the_three()
    {
        using var run = new CommandRun();
        await run.Program("ls", "/proc/self/fd");
        run.Output.ShouldBe("0\n1\n2\n3\n"); // 3 is the directory that ls reads
    }

    [Fact]
    public async Task Signals_reach_a_child_as_in_a_fresh_login()
    {
        using var run = new CommandRun();
        await run.Program("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status");
        // glibc keeps its own signals 32 and 33 out of the way of every child it starts
        run.Output.ShouldBe("SigBlk:\t0000000000000000\nSigIgn:\t0000000180000000\n");
    }
}
