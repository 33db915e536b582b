using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts;
using Fleet.Worker.Backups;
using Fleet.Worker.Commands;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Backups;

/// <summary>Scripts around backups are somebody's text as jobs are. Needs the right to switch users, as the worker has it.</summary>
public sealed class HookTests
{
    private const string Secret = "secret-of-the-repository";

    [Fact]
    public async Task A_hook_runs_as_its_tenants_jobs_do_and_reads_no_more_than_these()
    {
        using var run = CommandRun.Of("acme");
        var token = Path.Combine(run.Settings.Home, "agent.token");
        await File.WriteAllTextAsync(token, "secret");
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (exit, said) = await Hook(run, $"""
            id -u; id -g; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status
            cat {token} && echo 'read the token'
            env | grep -c RESTIC_PASSWORD; env | grep {Secret} && echo 'read the password'
            touch "$TMPDIR/mine" work && echo "may write, told $FLEET_BACKUP_OUTCOME"
            """);
        exit.IsDone.ShouldBeTrue(said);
        var user = run.Directory.User.ShouldNotBeNull();
        var lines = said.Split('\n');
        lines.ShouldContain(user.Id.ToString(CultureInfo.InvariantCulture));
        lines.ShouldContain(user.Group.ToString(CultureInfo.InvariantCulture));
        lines.ShouldContain("CapEff:\t0000000000000000");
        lines.ShouldContain("NoNewPrivs:\t1");
        lines.ShouldContain("0", "no variable of the repository is there");
        lines.ShouldContain("may write, told before");
        said.ShouldNotContain("read the");
    }

    [Fact]
    public async Task A_host_may_let_hooks_have_its_agents_rights()
    {
        using var run = CommandRun.Of("acme");
        run.Settings.Backups.HooksAsAgent = true;
        var (exit, said) = await Hook(run, "id -u");
        exit.IsDone.ShouldBeTrue(said);
        said.Split('\n').ShouldContain("0");
    }

    private static async Task<(ResticExit Exit, string Said)> Hook(CommandRun run, string script)
    {
        var events = Channel.CreateUnbounded<AttemptEvent>();
        var credentials = new RepositoryCredentials("/nowhere", Secret, new Dictionary<string, string>());
        var restic = new ResticSession(
            new AttemptContext(run.Key, "", 60, null, run.Directory, run.Stop),
            new BackupSpec("r", "vault"),
            new BackupOutput(events.Writer, new Redaction(credentials)),
            credentials,
            new ResticEnvironment(new CommandEnvironment(run.Settings, run.Home), new ResticProgram(run.Settings)),
            ("/bin/false", new ResticVersion(0, 14, 0)),
            run.Settings);
        var exit = await restic.RunHook(script, new Dictionary<string, string> { ["FLEET_BACKUP_OUTCOME"] = "before" }, 60).Within();
        events.Writer.Complete();
        var said = new StringBuilder();
        await foreach (var happened in events.Reader.ReadAllAsync())
        {
            if (happened is Wrote(var chunk))
                said.Append(Encoding.UTF8.GetString(chunk.Bytes));
        }

        return (exit, said.ToString());
    }
}
