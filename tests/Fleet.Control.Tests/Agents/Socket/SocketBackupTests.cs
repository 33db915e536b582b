using Fleet.Contracts.Backups;
using Fleet.Control.Tests.Agents.Socket.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>The way of a backup over the socket of an agent.</summary>
public sealed class SocketBackupTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    [Fact]
    public async Task A_backup_goes_out_and_its_words_come_back()
    {
        await using var agent = await fleet.Connected();
        var work = await fleet.Submit(agent.Name);
        var job = WireId.Format(work);

        var config = await agent.Hear("config.update");
        config.GetProperty("slot").GetString().ShouldBe("repo");
        config.GetProperty("repo_url").GetString().ShouldBe("rest:https://store/home");
        config.GetProperty("repo_password").GetString().ShouldBe("everyday password");
        var run = await agent.Hear("command.run");
        run.GetProperty("job_id").GetString().ShouldBe(job);
        run.GetProperty("kind").GetString().ShouldBe("backup");
        run.GetProperty("includes")[0].GetString().ShouldBe("/home");
        run.GetProperty("excludes")[0].GetString().ShouldBe("*.tmp");
        run.GetProperty("tag").GetString().ShouldBe("home");
        run.TryGetProperty("requires_admin_creds", out _).ShouldBeFalse();

        await agent.Say("command.result", new { id = job, accepted = true });
        await agent.Say("job.started", new { job_id = job, kind = "backup", started_at = "2026-01-01T00:00:00Z" });
        await fleet.Becomes(work, "Running");
        await agent.Say("job.progress", new { job_id = job, percent_done = 0.5, total_files = 10, files_done = 5, current_files = new[] { "/home/a" } });
        await agent.Say("log.stream", new { job_id = job, seq = 0, ts = "2026-01-01T00:00:00Z", stream = "stdout", payload = "a line" });
        await agent.Say("job.finished", new
        {
            job_id = job,
            status = "succeeded",
            exit_code = 0,
            stats = new { files_new = 10, snapshot_id = "abc" },
            finished_at = "2026-01-01T00:01:00Z",
        });
        await fleet.Becomes(work, "Succeeded");
        var row = await fleet.Row(work);
        row.Result!.ShouldContain("\"files_new\":10");
        row.Result!.ShouldContain("\"snapshot_id\":\"abc\"");
        row.ProgressText!.ShouldContain("\"files_done\":5");
    }

    [Fact]
    public async Task An_agent_that_says_it_can_runs_hooks_drills_and_samples_and_any_other_refuses()
    {
        var source = new BackupSource("01GROUP", "home", ["/home"], [], ["home"], Hooks: new BackupHooks("before", null, 60));
        var hooks = new BackupSpec("01REPOSITORY", "home", Ticket: "everyday", Source: source);
        var drill = new BackupSpec(
            "01REPOSITORY", "home", Ticket: "everyday", Restore: new RestoreOrder("abc", [], Drill: new DrillOrder(3, 1000, 7)));
        var sample = new BackupSpec("01REPOSITORY", "home", Ticket: "everyday", Check: new CheckOrder(12.5));
        await using var agent = await fleet.Connected(features: ["hooks", "drill", "check.read_data"]);
        var run = await Told(agent, hooks, BackupKinds.Backup);
        run.GetProperty("hooks").GetRawText().ShouldBe("""{"before":"before","timeout_s":60}""");
        run = await Told(agent, sample, BackupKinds.Check);
        run.GetProperty("check").GetProperty("read_data_percent").GetDouble().ShouldBe(12.5);
        run = await Told(agent, drill, BackupKinds.Restore, new { files = 3, bytes = 900, matched_source = 2, matched_hashes = 0, wrong = new[] { "/home/a" } });
        run.GetProperty("restore").GetProperty("drill").GetRawText().ShouldBe("""{"files":3,"most_bytes":1000,"seed":7}""");

        await using var simple = await fleet.Connected();
        foreach (var (spec, kind) in ((BackupSpec, string)[])[(hooks, BackupKinds.Backup), (drill, BackupKinds.Restore), (sample, BackupKinds.Check)])
        {
            var work = await fleet.Submit(simple.Name, spec, kind);
            await fleet.Becomes(work, "Failed");
            (await fleet.Row(work)).ErrorCode.ShouldBe("not_supported");
        }
    }

    [Fact]
    public async Task A_cancellation_goes_out_and_its_end_comes_back()
    {
        await using var agent = await fleet.Connected();
        var (work, job) = await Running(agent);
        await fleet.Cancel(work);
        (await agent.Hear("command.cancel")).GetProperty("job_id").GetString().ShouldBe(job);
        await agent.Say("job.finished", new { job_id = job, status = "cancelled", exit_code = 130 });
        await fleet.Becomes(work, "Cancelled");
    }

    [Fact]
    public async Task Sources_that_could_not_be_read_are_a_success_with_issues()
    {
        await using var agent = await fleet.Connected();
        var (work, job) = await Running(agent);
        var line = """{"message_type":"error","error":{"message":"permission denied"},"during":"archival","item":"/home/secret"}""";
        await agent.Say("log.stream", new { job_id = job, seq = 1, stream = "stderr", payload = line });
        await agent.Say("log.stream", new { job_id = job, seq = 1, stream = "stderr", payload = line }); // said twice
        await agent.Say("job.finished", new { job_id = job, status = "failed", exit_code = 3, error = "some files could not be read" });
        await fleet.Becomes(work, "Succeeded");
        var row = await fleet.Row(work);
        row.ExitCode.ShouldBe(3);
        row.Result!.ShouldContain("\"issue_count\":1");
        row.Result!.ShouldContain("/home/secret");
    }

    [Fact]
    public async Task A_command_that_the_agent_refuses_has_failed_with_its_reason()
    {
        await using var agent = await fleet.Connected();
        var work = await fleet.Submit(agent.Name);
        await agent.Hear("config.update");
        await agent.Hear("command.run");
        await agent.Say("command.result", new { id = WireId.Format(work), accepted = false, error = "no restic here" });
        await fleet.Becomes(work, "Failed");
        var row = await fleet.Row(work);
        (row.ErrorCode, row.ErrorMessage).ShouldBe(("command_refused", "The agent did not take the command: no restic here"));
    }

    [Fact]
    public async Task A_job_outlives_its_connection()
    {
        await using var agent = await fleet.Connected();
        var (work, job) = await Running(agent);
        agent.Socket.Abort();
        await using var again = agent.Again();
        await again.Connect();
        await again.Welcome();
        await again.Say("job.progress", new { job_id = job, percent_done = 0.9 });
        await again.Say("job.finished", new { job_id = job, status = "succeeded", exit_code = 0 });
        await fleet.Becomes(work, "Succeeded");
        (await fleet.Row(work)).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task What_removes_uses_the_admins_credentials()
    {
        await using var agent = await fleet.Connected();
        await fleet.Submit(agent.Name, new BackupSpec("01REPOSITORY", "home", RequiresAdminCreds: true, Ticket: "admin"), BackupKinds.Prune);
        var config = await agent.Hear("config.update");
        (config.GetProperty("slot").GetString(), config.GetProperty("repo_password").GetString()).ShouldBe(("admin", "admin password"));
        (await agent.Hear("command.run")).GetProperty("requires_admin_creds").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Snapshots_and_figures_go_to_the_repository_that_the_agent_knows()
    {
        await using var agent = await fleet.Connected();
        await Running(agent);
        await agent.Say("snapshots.report", new
        {
            snapshots = new[] { new { id = "aa", short_id = "a", time = "2026-01-01T00:00:00Z", hostname = "other", paths = new[] { "/" }, size_bytes = 5 } },
        });
        await agent.Say("repo.stats", new { unique_files = 3, lock_present = true });
        await Eventually.True(() => fleet.Repositories.Patches.Any(one => one.Agent == agent.Name), "the figures are there");
        var lists = fleet.Repositories.Lists.Where(one => one.Agent == agent.Name).ToDictionary(one => one.Report.Host!);
        lists["other"].Report.Snapshots.ShouldHaveSingleItem().SizeBytes.ShouldBe(5);
        lists["host-of-" + agent.Name].Report.Snapshots.ShouldBeEmpty();
        var patch = fleet.Repositories.Patches.Single(one => one.Agent == agent.Name);
        (patch.Repository, patch.Patch.UniqueFiles, patch.Patch.LockPresent, patch.Patch.SnapshotCount).ShouldBe(("01REPOSITORY", 3, true, null));
    }

    /// <summary>A backup that the agent has begun.</summary>
    private async Task<(Guid Work, string Job)> Running(ScriptedAgent agent)
    {
        var work = await fleet.Submit(agent.Name);
        await agent.Hear("config.update");
        await agent.Hear("command.run");
        await agent.Say("job.started", new { job_id = WireId.Format(work), kind = "backup" });
        await fleet.Becomes(work, "Running");
        return (work, WireId.Format(work));
    }

    /// <summary>What an agent is told of a job that it does at once.</summary>
    private async Task<System.Text.Json.JsonElement> Told(ScriptedAgent agent, BackupSpec spec, string kind, object? drill = null)
    {
        var work = await fleet.Submit(agent.Name, spec, kind);
        System.Text.Json.JsonElement message;
        do
            message = (await agent.Hear())!.Value;
        while (message.GetProperty("type").GetString() == "config.update");
        message.GetProperty("type").GetString().ShouldBe("command.run");
        await agent.Say("job.finished", new { job_id = WireId.Format(work), status = "succeeded", exit_code = 0, drill });
        await fleet.Becomes(work, "Succeeded");
        if (drill is not null)
            (await fleet.Row(work)).Result!.ShouldContain("\"drill\":{\"files\":3,\"bytes\":900,\"matched_source\":2,\"matched_hashes\":0,\"wrong\":[\"/home/a\"]}");
        return message.GetProperty("payload");
    }
}
