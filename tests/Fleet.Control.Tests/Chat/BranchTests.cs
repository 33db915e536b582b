using System.Text;
using System.Text.Json;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat;

/// <summary>Turns that a branch shares with the conversation before it.</summary>
public sealed class BranchTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Fact]
    public async Task Another_answer_that_is_asked_for_in_a_branch_is_in_the_branch_alone()
    {
        await using var agent = await fleet.ChatAgent();
        var (trunk, branch) = await Conversations(agent);
        var shared = (await Turns(branch))[1];
        Text(shared, "text").ShouldBe("one?");

        var again = await fleet.Tell(Text(shared.GetProperty("links"), "regenerate"), 202);
        (Text(again, "conversation_id"), again.GetProperty("number").GetInt32()).ShouldBe((branch, 1));
        await agent.Answer("I");
        await fleet.Get($"/v1/turns/{Text(again, "turn_id")}?wait=60");
        (await Answers(branch)).ShouldBe(["3", "I"]);
        (await Answers(trunk)).ShouldBe(["2", "1"]);

        await fleet.Ask(branch, new { text = "four?" });
        (await agent.Answer("4")).History!.Select(message => message.Content).ShouldBe(["one?", "I", "three?", "3"]);
        await fleet.Ask(trunk, new { text = "five?" });
        (await agent.Answer("5")).History!.Select(message => message.Content).ShouldBe(["one?", "1", "two?", "2"]);
    }

    [Fact]
    public async Task Without_a_branch_that_is_named_the_conversation_changes_in_which_it_was_asked()
    {
        await using var agent = await fleet.ChatAgent();
        var (trunk, branch) = await Conversations(agent);
        var first = Text((await Turns(trunk))[1], "turn_id");
        var again = await fleet.Tell($"/v1/turns/{first}/regenerate", 202);
        await agent.Answer("I");
        await fleet.Get($"/v1/turns/{Text(again, "turn_id")}?wait=60");
        (await Answers(trunk)).ShouldBe(["2", "I"]);
        (await Answers(branch)).ShouldBe(["3", "1"]);
    }

    [Fact]
    public async Task A_branch_of_a_branch_shares_what_came_before_it_there()
    {
        await using var agent = await fleet.ChatAgent();
        var (_, branch) = await Conversations(agent);
        var shared = (await Turns(branch))[1];
        var again = await fleet.Tell(Text(shared.GetProperty("links"), "branch"), 202, new { text = "another?" });
        await agent.Answer("A");
        await fleet.Get($"/v1/turns/{Text(again, "turn_id")}?wait=60");
        (await fleet.Get($"/v1/conversations/{Text(again, "conversation_id")}")).GetProperty("branch_of").GetString().ShouldBe(branch);
    }

    [Fact]
    public async Task A_conversation_that_the_turn_is_not_in_is_refused()
    {
        await using var agent = await fleet.ChatAgent();
        var (trunk, _) = await Conversations(agent);
        var turn = Text((await Turns(trunk))[0], "turn_id");
        using var elsewhere = await fleet.Http.PostAsync(
            $"/v1/turns/{turn}/regenerate?conversation_id={await fleet.Conversation()}", null);
        (await elsewhere.Problem(400, "invalid_field")).Sentence("conversation_id").ShouldBe("The turn is not in this conversation.");
        using var nowhere = await fleet.Http.PostAsync($"/v1/turns/{turn}/regenerate?conversation_id=nowhere", null);
        await nowhere.Problem(404, "not_found");
    }

    [Theory]
    [InlineData("""{"temperature": 2}""", 400, "temperature")]
    [InlineData("""{"text": null}""", 400, "text")]
    [InlineData("[]", 400, null)]
    [InlineData("rubbish", 400, null)]
    public async Task A_body_that_means_nothing_is_refused(string json, int status, string? field)
    {
        await using var agent = await fleet.ChatAgent();
        var (trunk, _) = await Conversations(agent);
        var turn = Text((await Turns(trunk))[0], "turn_id");
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var refused = await fleet.Http.PostAsync($"/v1/turns/{turn}/regenerate", body);
        var problem = await refused.Problem(status, field is null ? "invalid_body" : "invalid_field");
        if (field is not null)
            problem.Sentence(field).ShouldBe("There is no such field here.");
        using var typed = await fleet.Http.PostAsync($"/v1/turns/{turn}/regenerate", new StringContent("rubbish"));
        await typed.Problem(415, "unsupported_media_type");
    }

    /// <summary>Two questions in the one, and another in the place of the second in the other.</summary>
    private async Task<(string Trunk, string Branch)> Conversations(ChatAgent agent)
    {
        var trunk = await fleet.Conversation(new { upstream = agent.Name });
        var second = "";
        foreach (var (place, text) in ((string[])["one?", "two?"]).Index())
        {
            second = Text(await fleet.Ask(trunk, new { text }), "turn_id");
            await agent.Answer($"{place + 1}");
            await fleet.Get($"/v1/turns/{second}?wait=60");
        }

        var branch = await fleet.Tell($"/v1/turns/{second}/branch", 202, new { text = "three?" });
        await agent.Answer("3");
        await fleet.Get($"/v1/turns/{Text(branch, "turn_id")}?wait=60");
        return (trunk, Text(branch, "conversation_id"));
    }

    private async Task<List<JsonElement>> Turns(string conversation) =>
        [.. (await fleet.Get($"/v1/conversations/{conversation}/turns")).GetProperty("items").EnumerateArray()];

    private async Task<IEnumerable<string>> Answers(string conversation) =>
        (await Turns(conversation)).Select(turn => Text(turn, "answer"));

    private static string Text(JsonElement element, string field) => element.GetProperty(field).GetString()!;
}
