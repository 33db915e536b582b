using System.Text;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Protocol.Tests.AgentSocket;

/// <summary>Messages of the agent socket, as they are read and written.</summary>
public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("\"text\"", "must be an object")]
    [InlineData("{}", "type must be a text")]
    [InlineData("""{"type":""}""", "type must be a text of 1 to 64 characters")]
    [InlineData("""{"type":"a","id":7}""", "id must be a text")]
    [InlineData("""{"type":"a","payload":"x"}""", "payload must be an object")]
    [InlineData("""{"type":"\ud800"}""", "type cannot be read as text")]
    [InlineData("""{"type":"heartbeat","payload":{"sent_at":"\ud800"}}""", "payload.sent_at cannot be read as text")]
    public void A_fault_names_the_field(string message, string sentence)
    {
        var fault = Should.Throw<WireFaultException>(() => Read(message));
        fault.Code.ShouldBe(WireFaults.BadRequest);
        fault.Message.ShouldContain(sentence);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Should.Throw<WireFaultException>(() => Read(new string('[', 100_000))).Message.ShouldContain("not valid JSON");

    [Fact]
    public void A_time_that_some_languages_write_for_none_is_none() =>
        ((HelloMessage)Read(
            """{"type":"hello","payload":{"protocol_version":1,"agent_version":"1","hostname":"h","os":"plan9","arch":"mips","boot_time":"0001-01-01T00:00:00Z"}}"""))
        .BootTime.ShouldBeNull();

    [Fact]
    public void What_an_old_restic_does_not_know_of_a_snapshot_is_null()
    {
        var list = (SnapshotList)Read(
            """{"type":"snapshots.report","payload":{"snapshots":[{"id":"0123456789abcdef","time":"2026-01-01T00:00:00+02:00","size_bytes":0}]}}""");
        var one = list.Snapshots.ShouldHaveSingleItem();
        one.ShortId.ShouldBe("01234567");
        one.SizeBytes.ShouldBeNull();
        one.Time.ShouldBe(new DateTimeOffset(2025, 12, 31, 22, 0, 0, TimeSpan.Zero));
        one.Paths.ShouldBeEmpty();
    }

    [Fact]
    public void Stats_are_kept_as_they_were_written()
    {
        var finished = (JobFinished)Read(
            """{"type":"job.finished","payload":{"job_id":"a","status":"succeeded","stats":{"b": 1.50,"a":"ä"}}}""");
        finished.Stats.ShouldBe("""{"b": 1.50,"a":"ä"}""");
    }

    [Fact]
    public void Absent_figures_of_a_repository_are_null()
    {
        var stats = (RepoStats)Read("""{"type":"repo.stats","payload":{"lock_present":false,"unique_files":3,"last_check_at":null}}""");
        (stats.LockPresent, stats.UniqueFiles, stats.TotalSizeBytes, stats.LastCheckAt).ShouldBe((false, 3, null, null));
    }

    [Fact]
    public void A_command_has_the_part_of_its_kind_and_no_other()
    {
        var run = new CommandRun("a", "forget", ForgetGroups: [new ForgetPart("home", KeepDaily: 7)], RequiresAdminCreds: true);
        Encoding.UTF8.GetString(run.Write("id")).ShouldBe(
            """{"type":"command.run","id":"id","payload":{"job_id":"a","kind":"forget","forget_groups":[{"tag":"home","keep_daily":7}],"requires_admin_creds":true}}""");
    }

    [Fact]
    public void Names_of_files_take_no_more_room_than_they_have() =>
        Encoding.UTF8.GetString(new TreeList("s", "/ä/日本").Write("id")).ShouldContain("/ä/日本");

    [Fact]
    public void Credentials_do_not_show_in_logs() =>
        new ConfigUpdate("repo", "rest:https://user:secret@host", "secret").ToString().ShouldNotContain("secret");

    private static AgentMessage Read(string message)
    {
        using var document = Envelope.Parse(Encoding.UTF8.GetBytes(message));
        return AgentMessage.Of(Envelope.Read(document));
    }
}
