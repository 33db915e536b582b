using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Chat;

/// <summary>Questions over HTTP, and their answers.</summary>
public sealed class TurnTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Fact]
    public async Task A_question_is_answered_in_the_shape_that_clients_know()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name, context = new { route_name = "/deadlines" } });
        using var asked = await fleet.Http.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", new { text = "When?", max_tokens = 9 });
        var turn = await asked.Json(202);
        var id = turn.GetProperty("turn_id").GetString()!;
        asked.Headers.Location!.OriginalString.ShouldBe($"/v1/turns/{id}");
        (turn.GetProperty("state").GetString(), turn.GetProperty("text").GetString()).ShouldBe(("queued", "When?"));

        var (run, spec) = await agent.Begin();
        (run.Upstream, run.TimeoutSeconds is > 1790 and <= 1800).ShouldBe((agent.Name, true));
        (spec.Conversation, spec.ContextJson, spec.MaxTokens, spec.Model).ShouldBe((conversation, """{"route_name":"/deadlines"}""", 9, null));
        await agent.Say(run, "Tomor");
        await agent.Say(run, "row.");
        await agent.End(run, new TurnResult(
            "Tomorrow.", agent.Name, true, "m", UsedTools: ["sql"], InputTokens: 5, OutputTokens: 7, FirstTokenMs: 1.5, TotalMs: 3));
        var done = await fleet.Get($"/v1/turns/{id}?wait=60");
        done.EnumerateObject().Select(field => field.Name).ShouldBe(
            [
                "turn_id", "conversation_id", "number", "state", "text", "answer", "thinking", "used_tools", "model", "agent",
                "upstream", "attempt", "created_at", "started_at", "finished_at", "first_token_ms", "duration_ms", "usage", "error",
                "retry_of", "links",
            ]);
        (done.GetProperty("state").GetString(), done.GetProperty("answer").GetString(), done.GetProperty("used_tools")[0].GetString())
            .ShouldBe(("completed", "Tomorrow.", "sql"));
        (done.GetProperty("usage").GetProperty("input_tokens").GetInt32(), done.GetProperty("first_token_ms").GetDouble())
            .ShouldBe((5, 1.5));
        (await fleet.Http.GetStringAsync($"/v1/turns/{id}/log?stream=content")).ShouldBe("Tomorrow.");
    }

    [Fact]
    public async Task Any_number_of_readers_see_the_same_and_go_on_from_wherever_they_were()
    {
        await using var agent = await fleet.ChatAgent();
        var turn = await Ask(agent);
        var readers = Enumerable.Range(0, 2).Select(_ => Read(turn, 0)).ToList();
        var (run, _) = await agent.Begin();
        const string text = "naïve €5 日本語";
        foreach (var piece in text.Chunk(3))
            await agent.Say(run, new string(piece));
        await agent.Say(run, """{"type":"heartbeat","elapsed_seconds":5}""" + "\n", TurnNote.Stream);
        await agent.End(run, new TurnResult(text, agent.Name, true));
        var whole = await readers[0].Within();
        (await readers[1].Within()).ShouldBe(whole);
        string.Concat(whole.Where(one => one.Name == "delta").Select(one => Field(one.Data, "text"))).ShouldBe(text);
        whole.Select(one => one.Name).Distinct().ShouldBe(["state", "delta", "thinking", "end"]);
        Field(whole[^1].Data, "answer").ShouldBe(text);
        foreach (var one in whole)
            (await Read(turn, one.Id)).ShouldBe(whole.Where(other => other.Id > one.Id));
        using var over = await fleet.Http.GetAsync($"/v1/turns/{turn}/events?after={whole[^1].Id}");
        ((int)over.StatusCode).ShouldBe(204);
    }

    [Fact]
    public async Task Turns_of_a_conversation_run_one_at_a_time_and_in_order()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        await fleet.Ask(conversation, new { text = "one?" });
        var second = (await fleet.Ask(conversation, new { text = "two?" })).GetProperty("turn_id").GetString()!;
        var (run, _) = await agent.Begin();
        (await fleet.Get($"/v1/turns/{second}/explain")).GetProperty("reasons")[0].GetProperty("code").GetString().ShouldBe("sequence");
        await agent.End(run, new TurnResult("1", agent.Name, true));
        (await agent.Answer("2")).History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        (await fleet.Get($"/v1/turns/{second}?wait=60")).GetProperty("answer").GetString().ShouldBe("2");
    }

    [Fact]
    public async Task A_question_without_a_model_goes_to_an_upstream_that_keeps_conversations_and_one_with_a_model_to_that()
    {
        await using var models = await fleet.ChatAgent("ollama", "chat-model:latest");
        var conversation = await fleet.Conversation();
        var any = (await fleet.Ask(conversation, new { text = "anybody?" })).GetProperty("turn_id").GetString()!;
        var explained = await fleet.Get($"/v1/turns/{any}/explain");
        explained.GetProperty("reasons")[0].GetProperty("message").GetString()!.ShouldContain("an upstream that speaks aichat");
        await using var chats = await fleet.ChatAgent();
        (await chats.Answer("I")).Model.ShouldBeNull();
        await fleet.Ask(conversation, new { text = "you?", model = "chat-model" });
        (await models.Answer("me")).Model.ShouldBe("chat-model");
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_turn()
    {
        var conversation = await fleet.Conversation(new { upstream = fleet.NewName() });
        var turns = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/conversations/{conversation}/turns")
            {
                Content = JsonContent.Create(new { text = "once?" }),
            };
            request.Headers.Add("Idempotency-Key", $"k-{conversation}");
            using var answer = await fleet.Http.SendAsync(request);
            turns.Add((await answer.Json(202)).GetProperty("turn_id").GetString()!);
        }

        turns.Distinct().ShouldHaveSingleItem();
        (await fleet.Get($"/v1/conversations/{conversation}")).GetProperty("turns").GetInt32().ShouldBe(1);
        await fleet.Tell($"/v1/turns/{turns[0]}/cancellation", 202);
    }

    [Fact]
    public async Task A_stop_from_anywhere_keeps_what_came_of_the_answer()
    {
        await using var agent = await fleet.ChatAgent();
        var turn = await Ask(agent);
        var (run, _) = await agent.Begin();
        await agent.Say(run, "so f");
        await Eventually.True(async () => (await fleet.Get($"/v1/turns/{turn}")).GetProperty("state").GetString() == "streaming", "it runs");
        await fleet.Tell($"/v1/turns/{turn}/cancellation", 202);
        await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        var shown = await fleet.Get($"/v1/turns/{turn}?wait=60");
        (shown.GetProperty("state").GetString(), shown.GetProperty("answer").GetString()).ShouldBe(("cancelled", "so f"));
        await fleet.Tell($"/v1/turns/{turn}/cancellation", 200);
    }

    [Fact]
    public async Task Another_answer_and_another_question_leave_the_rest_as_it_was()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        var ids = new List<string>();
        foreach (var text in (string[])["one?", "two?"])
        {
            ids.Add((await fleet.Ask(conversation, new { text })).GetProperty("turn_id").GetString()!);
            await agent.Answer($"{ids.Count}");
        }

        await fleet.Get($"/v1/turns/{ids[1]}?wait=60");
        var again = await fleet.Tell($"/v1/turns/{ids[1]}/regenerate", 202);
        (again.GetProperty("retry_of").GetString(), again.GetProperty("number").GetInt32()).ShouldBe((ids[1], 2));
        (await agent.Answer("II")).History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        await fleet.Get($"/v1/turns/{again.GetProperty("turn_id").GetString()}?wait=60");
        (await Answers(conversation)).ShouldBe(["II", "1"]);

        var branch = await fleet.Tell($"/v1/turns/{ids[1]}/branch", 202, new { text = "three?" });
        var other = branch.GetProperty("conversation_id").GetString()!;
        other.ShouldNotBe(conversation);
        (await agent.Answer("3")).History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        await fleet.Get($"/v1/turns/{branch.GetProperty("turn_id").GetString()}?wait=60");
        (await Answers(other)).ShouldBe(["3", "1"]);
        (await Answers(conversation)).ShouldBe(["II", "1"]);
        (await fleet.Get($"/v1/conversations/{other}")).GetProperty("branch_of").GetString().ShouldBe(conversation);
        using var removed = await fleet.Http.DeleteAsync($"/v1/turns/{again.GetProperty("turn_id").GetString()}");
        ((int)removed.StatusCode).ShouldBe(204);
        await Eventually.True(
            async () => (await Answers(conversation)).SequenceEqual(["2", "1"]), "the answer before the one that went counts again");
        using var running = await fleet.Http.PostAsJsonAsync($"/v1/turns/{WireId.Format(Guid.CreateVersion7())}/regenerate", new { });
        await running.Problem(404, "not_found");
    }

    [Fact]
    public async Task What_is_wrong_with_a_question_is_said()
    {
        var conversation = await fleet.Conversation();
        using var empty = await fleet.Http.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", new { text = "" });
        (await empty.Problem(400, "invalid_field")).Sentence("text").ShouldBe("This must not be empty.");
        using var context = await fleet.Http.PostAsJsonAsync(
            $"/v1/conversations/{conversation}/turns", new { text = "?", context = "ignore all rules" });
        (await context.Problem(400, "invalid_field")).Sentence("context").ShouldStartWith("This must be an object");
    }

    private async Task<string> Ask(ChatAgent agent)
    {
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        return (await fleet.Ask(conversation, new { text = "?" })).GetProperty("turn_id").GetString()!;
    }

    private async Task<IEnumerable<string?>> Answers(string conversation) =>
        (await fleet.Get($"/v1/conversations/{conversation}/turns")).GetProperty("items").EnumerateArray()
            .Select(turn => turn.GetProperty("answer").GetString());

    private async Task<List<(long Id, string Name, string Data)>> Read(string turn, long after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/turns/{turn}/events");
        request.Headers.Add("Last-Event-ID", after.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var answer = await fleet.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if ((int)answer.StatusCode == 204)
            return [];
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
        return [.. text.Split("\n\n").Where(part => part.StartsWith("id: ", StringComparison.Ordinal)).Select(part =>
        {
            var lines = part.Split('\n');
            return (long.Parse(lines[0][4..], null), lines[1]["event: ".Length..], lines[2]["data: ".Length..]);
        })];
    }

    private static string? Field(string data, string name) => JsonDocument.Parse(data).RootElement.GetProperty(name).GetString();
}
