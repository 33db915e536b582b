using System.Globalization;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Platform.Isolation;

/// <summary>
/// Jobs that attack: their worker, and the job of another tenant beside them. Needs the right to switch users, as the
/// worker has it under root and systemd; what holds without it is told by the last fact.
/// </summary>
public sealed class JobIsolationTests
{
    [Fact]
    public async Task A_job_runs_as_a_user_without_rights_and_nothing_gives_it_any()
    {
        using var run = Tenant("acme");
        await run.Script("id -u; id -g; id -G; grep -E '^(CapEff|CapPrm|CapAmb|NoNewPrivs)' /proc/self/status; ulimit -c");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var user = run.Directory.User.ShouldNotBeNull();
        lines[..3].ShouldBe([Text(user.Id), Text(user.Group), Text(user.Group)]);
        user.Id.ShouldBeGreaterThanOrEqualTo(1_900_000_000u);
        lines[3..6].ShouldAllBe(line => line.EndsWith("\t0000000000000000", StringComparison.Ordinal));
        lines[6].ShouldBe("NoNewPrivs:\t1");
        lines[7].ShouldBe("0", "no core is dumped");
    }

    [Fact]
    public async Task A_job_reads_no_secret_of_its_worker()
    {
        using var run = Tenant("acme");
        File.WriteAllText(Path.Combine(run.Settings.Home, "agent.token"), "secret");
        File.SetUnixFileMode(Path.Combine(run.Settings.Home, "agent.token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await run.Script($"""
            for file in {run.Settings.Home}/agent.token {run.Settings.Home}/tenants /proc/{Environment.ProcessId}/environ \
                /proc/{Environment.ProcessId}/mem /proc/{Environment.ProcessId}/maps; do
              cat "$file" && echo "read $file"
            done
            ls {run.Settings.Home} && echo listed; ls {run.Home.Attempts} && echo listed
            ls /proc/{Environment.ProcessId}/fd && echo "saw descriptors"
            kill -0 {Environment.ProcessId} && echo "may signal"
            true
            """);
        run.Output.ShouldBe("");
    }

    [Fact]
    public async Task Jobs_of_two_tenants_at_once_see_nothing_of_each_other()
    {
        using var acme = Tenant("acme");
        using var beta = CommandRun.Of("beta", acme);
        beta.Directory.User!.Id.ShouldNotBe(acme.Directory.User!.Id);
        var victim = acme.Run(new CommandSpec(
            Script: "echo secret > ../artifacts/file; echo output; echo $$; exec sleep 1000",
            Shell: "sh",
            Env: new Dictionary<string, string> { ["PASSWORD"] = "of-acme" }));
        await Eventually.True(() => acme.Output.Split('\n').Length > 2, "the victim runs");
        var pid = acme.Output.Split('\n')[1];
        await beta.Script($"""
            cat {acme.Directory.Artifacts}/file && echo "read a file"
            ls {acme.Directory.Root} && echo listed
            cat {acme.Directory.Root}/script.sh && echo "read the script"
            cat /proc/{pid}/environ && echo "read the environment"
            cat /proc/{pid}/fd/1 && echo "read the output"
            echo forged > /proc/{pid}/fd/1 && echo "wrote into the output"
            ls /proc/{pid}/cwd/ && echo "saw where it works"
            kill -9 {pid} && echo killed; kill -9 -{pid} && echo killed
            kill -9 -1; true
            """);
        beta.Output.ShouldBe("");
        victim.IsCompleted.ShouldBeFalse("nobody ended it");
        acme.Stop.Ask(StopReason.Cancelled, TimeSpan.Zero);
        (await victim.Within()).Outcome.ShouldBe(AttemptOutcome.Cancelled);
        acme.Output.ShouldNotContain("forged");
    }

    [Fact]
    public async Task A_job_cannot_have_its_worker_read_for_it()
    {
        using var run = Tenant("acme");
        var secret = Path.Combine(run.Settings.Home, "agent.token");
        File.WriteAllText(secret, "{}");
        var result = await run.Script($"ln -s {secret} $FLEET_RESULT_FILE; rmdir ../artifacts; ln -s {run.Settings.Home} ../artifacts");
        result.ErrorCode.ShouldBe("result_invalid");
        result.ResultJson.ShouldBeNull();
    }

    [Fact]
    public void What_is_somebody_elses_is_not_opened_for_a_job()
    {
        using var run = Tenant("acme");
        var file = Path.Combine(run.Settings.Home, "agent.token");
        File.WriteAllText(file, "secret");
        Should.Throw<IOException>(() => Fleet.Worker.Platform.Files.RegularFile.Open(file, run.Directory.User));
    }

    [Theory]
    [InlineData("env -i setsid sleep 312 >/dev/null 2>&1 &")]
    [InlineData("(env -i setsid sh -c 'sleep 312 & sleep 312' >/dev/null 2>&1 &)")]
    [InlineData("trap '' TERM HUP INT; (trap '' TERM; exec -a other sleep 312) >/dev/null 2>&1 &")]
    public async Task Nothing_of_a_job_outlives_it(string escape)
    {
        using var run = Tenant("acme");
        await run.Script(escape + " sleep 0.1", shell: "bash").Within();
        ProcessTable.InGroup(run.Directory.User!.Group).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_directory_goes_whatever_the_job_left_in_it()
    {
        using var run = Tenant("acme");
        await run.Script("mkdir -p a/b; touch a/b/c; chmod 0 a; ln -s /etc x; echo t > $TMPDIR/t");
        await run.Directory.Delete();
        Directory.Exists(run.Directory.Root).ShouldBeFalse();
        Directory.Exists("/etc").ShouldBeTrue();
    }

    [Fact]
    public void A_tenant_keeps_its_user_and_every_attempt_has_its_group()
    {
        using var run = Tenant("acme");
        var again = run.Users.Take("acme")!;
        again.Id.ShouldBe(run.Directory.User!.Id);
        again.Group.ShouldNotBe(run.Directory.User.Group);
        var later = new JobUsers(run.Settings);
        later.Open(run.Settings.Home);
        later.Take("acme")!.Id.ShouldBe(again.Id, "after a restart too");
        later.Take("beta")!.Id.ShouldNotBe(again.Id);
        run.Users.Groups.Contains(later.Take("acme")!.Group).ShouldBeFalse("what ends the last run's jobs meets none of these");
    }

    private static CommandRun Tenant(string name)
    {
        OwnProcess.MaySwitchUsers.ShouldBeTrue("These facts need root: a job's user is another than its agent's.");
        OwnProcess.Protect();
        return CommandRun.Of(name);
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
