using Fleet.Contracts.Backups;
using Fleet.Control.Tests.Agents.Socket.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>Questions about snapshots, as an agent on a socket is asked them.</summary>
public sealed class SocketQuestionTests(StillSocketFleet fleet) : IClassFixture<StillSocketFleet>
{
    [Fact]
    public async Task A_directory_is_listed_by_the_agent()
    {
        await using var agent = await fleet.Connected();
        var question = await Ask(agent);
        await agent.Hear("config.update");
        var asked = await agent.Hear("tree.list");
        (asked.GetProperty("snapshot_id").GetString(), asked.GetProperty("path").GetString()).ShouldBe(("abc", "/home"));
        await agent.Say(
            "tree.list.result", new { entries = new[] { new { name = "a", type = "file", size = 5, mode = 420 } } }, WireId.Format(question));
        await Eventually.True(() => fleet.Repositories.Answers.ContainsKey(question), "the answer is there");
        fleet.Repositories.Answers[question].ShouldStartWith("{\"name\":\"a\",\"type\":\"file\"");
    }

    [Fact]
    public async Task An_error_is_an_answer_too()
    {
        await using var agent = await fleet.Connected();
        var question = await Ask(agent);
        await agent.Hear("config.update");
        await agent.Hear("tree.list");
        await agent.Say("tree.list.result", new { error = "no such snapshot" }, WireId.Format(question));
        await Eventually.True(() => fleet.Repositories.Failures.ContainsKey(question), "the failure is there");
        fleet.Repositories.Failures[question].Message.ShouldBe("no such snapshot");
    }

    [Fact]
    public async Task A_late_answer_is_dropped()
    {
        await using var agent = await fleet.Connected();
        var question = await Ask(agent);
        await agent.Hear("config.update");
        await agent.Hear("tree.list");
        fleet.Time.Advance(TimeSpan.FromSeconds(61));
        await agent.Say("tree.list.result", new { entries = Array.Empty<object>() }, WireId.Format(question));
        await agent.Say("nonsense", new { });
        await agent.HearError("unknown_type"); // what came before has been seen to
        fleet.Repositories.Answers.ShouldNotContainKey(question);
        fleet.Repositories.Failures.ShouldNotContainKey(question);
    }

    [Fact]
    public async Task What_the_wire_has_no_word_for_is_refused_at_once()
    {
        await using var agent = await fleet.Connected();
        var question = Guid.NewGuid();
        await fleet.Tell(agent.Name, new ReadSnapshot(question, ReadSnapshot.Content, "everyday", "abc", "/a", 60));
        await Eventually.True(() => fleet.Repositories.Failures.ContainsKey(question), "it is refused");
        fleet.Repositories.Failures[question].Code.ShouldBe("not_supported");
    }

    [Theory]
    [InlineData(ReadSnapshot.Find, "snapshot.find", "*.txt", 5)]
    [InlineData(ReadSnapshot.Content, "snapshot.content", null, null)]
    public async Task An_agent_that_says_it_can_is_asked_for_more_and_answers_over_HTTP(
        string operation, string feature, string? name, int? limit)
    {
        await using var agent = await fleet.Connected(features: [feature, "something else"]);
        var question = Guid.CreateVersion7();
        await fleet.Tell(agent.Name, new ReadSnapshot(question, operation, "everyday", "abc", "/a", 60, name, limit ?? 1));
        await agent.Hear("config.update");
        var asked = (await agent.Hear())!.Value;
        asked.GetProperty("type").GetString().ShouldBe("snapshot.read");
        asked.GetProperty("id").GetString().ShouldBe(WireId.Format(question), "under which it answers");
        asked.GetProperty("payload").GetRawText().ShouldBe(
            operation == ReadSnapshot.Find
                ? """{"operation":"find","snapshot_id":"abc","path":"/a","name":"*.txt","limit":5,"timeout_s":60}"""
                : """{"operation":"content","snapshot_id":"abc","path":"/a","timeout_s":60}""");

        var other = Guid.NewGuid(); // what it does not say it can
        await fleet.Tell(agent.Name, new ReadSnapshot(
            other, operation == ReadSnapshot.Find ? ReadSnapshot.Content : ReadSnapshot.Find, "everyday", "abc", "/a", 60, "x"));
        await Eventually.True(() => fleet.Repositories.Failures.ContainsKey(other), "it is refused");
        fleet.Repositories.Failures[other].Code.ShouldBe("not_supported");
    }

    private async Task<Guid> Ask(ScriptedAgent agent)
    {
        var question = Guid.NewGuid();
        await fleet.Tell(agent.Name, new ReadSnapshot(question, ReadSnapshot.List, "everyday", "abc", "/home", 60));
        return question;
    }
}
