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
        (await fleet.Row(work)).Result!.ShouldContain("\"files_new\":10");
    }
}
