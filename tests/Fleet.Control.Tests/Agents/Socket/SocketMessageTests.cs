using Fleet.Control.Tests.Agents.Socket.Support;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>Messages that cannot be taken: each is answered with what is wrong, and the connection lives on.</summary>
public sealed class SocketMessageTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    public static TheoryData<string, string, string> Malformed { get; } = new()
    {
        { "heartbeat", """{"sent_at":"yesterday"}""", "payload.sent_at must be a time" },
        { "heartbeat", """{"sent_at":5}""", "payload.sent_at must be a text" },
        { "job.started", "{}", "payload.job_id is needed" },
        { "job.started", """{"job_id":7}""", "payload.job_id must be a text" },
        { "job.progress", """{"job_id":"x","percent_done":"half"}""", "payload.percent_done must be a number" },
        { "job.progress", """{"job_id":"x","total_files":1.5}""", "payload.total_files must be a whole number" },
        { "job.progress", """{"job_id":"x","bytes_done":-1}""", "payload.bytes_done must be a whole number from 0" },
        { "job.progress", """{"job_id":"x","current_files":"/a"}""", "payload.current_files must be a list" },
        { "job.progress", """{"job_id":"x","current_files":[1]}""", "payload.current_files[0] must be a text" },
        { "job.finished", """{"job_id":"x"}""", "payload.status is needed" },
        { "job.finished", """{"job_id":"x","status":"fine"}""", "payload.status must be one of succeeded, failed, cancelled" },
        { "job.finished", """{"job_id":"x","status":"failed","exit_code":"1"}""", "payload.exit_code must be a whole number" },
        { "job.finished", """{"job_id":"x","status":"failed","stats":[]}""", "payload.stats must be an object" },
        { "log.stream", """{"job_id":"x","stream":"stdout","payload":"a"}""", "payload.seq is needed" },
        { "log.stream", """{"job_id":"x","seq":1,"stream":"stdout","payload":{}}""", "payload.payload must be a text" },
        { "snapshots.report", "{}", "payload.snapshots is needed" },
        { "snapshots.report", """{"snapshots":[{"id":"a"}]}""", "payload.snapshots[0].time is needed" },
        { "snapshots.report", """{"snapshots":[{"time":"2026-01-01T00:00:00Z"}]}""", "payload.snapshots[0].id is needed" },
        { "snapshots.report", """{"snapshots":[1]}""", "payload.snapshots[0] must be an object" },
        { "repo.stats", """{"total_size_bytes":"many"}""", "payload.total_size_bytes must be a whole number" },
        { "repo.stats", """{"lock_present":"no"}""", "payload.lock_present must be true or false" },
        { "schedule.ack", "{}", "payload.version is needed" },
        { "schedule.fire", """{"schedule_id":"x"}""", "payload.scheduled_at is needed" },
        { "schedule.fire", """{"scheduled_at":"2026-01-01T00:00:00Z"}""", "payload.schedule_id is needed" },
        { "command.result", """{"accepted":true}""", "payload.id is needed" },
        { "command.result", """{"id":"x"}""", "payload.accepted is needed" },
        { "tree.list.result", """{"entries":[]}""", "id is needed" },
        { "error", "{}", "payload.code is needed" },
    };

    [Fact]
    public void Every_type_of_message_has_a_malformed_one() =>
        AgentMessage.Types.Except(Malformed.Select(row => (string)row[0])).ShouldBe([HelloMessage.Type]); // that has tests of its own

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_message_is_answered_with_the_field(string type, string payload, string sentence)
    {
        var agent = await Agent();
        await agent.Text($$"""{"type":"{{type}}","payload":{{payload}}}""");
        (await agent.HearError("bad_request")).ShouldContain(sentence);
        await MustLive(agent);
    }

    [Theory]
    [InlineData("""{"type":"nonsense","id":"7","payload":{}}""", "unknown_type")]
    [InlineData("""{"type":"hello","payload":{"protocol_version":1,"agent_version":"1","hostname":"h","os":"linux","arch":"amd64"}}""", "bad_request")]
    [InlineData("""{"type":"job.started","payload":{"job_id":"01JABCDEFGHJKMNPQRSTVWXYZ0"}}""", "unknown_job")]
    [InlineData("""{"type":"snapshots.report","payload":{"snapshots":[]}}""", "unknown_repository")]
    [InlineData("""{"type":"schedule.fire","payload":{"schedule_id":"01JABCDEFGHJKMNPQRSTVWXYZ0","scheduled_at":"2026-01-01T00:00:00Z"}}""", "unknown_schedule")]
    [InlineData("""{"payload":{}}""", "bad_request")]
    [InlineData("""{"type":"heartbeat","id":7}""", "bad_request")]
    [InlineData("null", "bad_request")]
    [InlineData("", "bad_request")]
    [InlineData("{", "bad_request")]
    public async Task What_nobody_can_do_anything_with_is_answered(string message, string code)
    {
        var agent = await Agent();
        await agent.Text(message);
        await agent.HearError(code);
        await MustLive(agent);
    }

    [Fact]
    public async Task An_answer_carries_the_id_of_what_it_answers()
    {
        var agent = await Agent();
        await agent.Say("nonsense", new { }, id: "mine");
        (await agent.Hear())!.Value.GetProperty("id").GetString().ShouldBe("mine");
    }

    [Fact]
    public async Task A_binary_frame_is_no_message()
    {
        var agent = await Agent();
        await agent.Bytes([1, 2, 3]);
        (await agent.HearError("bad_request")).ShouldContain("text frames");
        await MustLive(agent);
    }

    [Fact]
    public async Task An_answer_to_a_question_that_nobody_asked_is_dropped_quietly()
    {
        var agent = await Agent();
        await agent.Say("tree.list.result", new { entries = Array.Empty<object>() }, id: "late");
        await agent.Say("command.result", new { id = "late", accepted = true });
        await MustLive(agent); // its answer is the first that comes
    }

    private static ScriptedAgent? _agent;

    /// <summary>The tests of a class run one after another.</summary>
    private async Task<ScriptedAgent> Agent() => _agent ??= await fleet.Connected();

    private static async Task MustLive(ScriptedAgent agent)
    {
        await agent.Say("ping", new { });
        await agent.HearError("unknown_type");
    }
}
