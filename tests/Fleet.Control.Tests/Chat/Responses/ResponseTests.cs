using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>Responses over HTTP: asked, followed, found again, stopped and removed.</summary>
public sealed class ResponseTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Fact]
    public async Task A_response_is_the_turn_of_a_conversation()
    {
        await using var agent = await Model();
        var asked = Ask(new { model = agent.Model, input = "When?", instructions = "Be short.", metadata = new { a = "b" }, max_output_tokens = 9 });
        var (run, spec) = await agent.Begin();
        (spec.Model, spec.Instructions, spec.MaxTokens, spec.Question[0].Content).ShouldBe((agent.Model, "Be short.", 9, "When?"));
        run.SpecJson.ShouldNotContain("metadata");
        await agent.Say(run, "Now.");
        await agent.End(run, new TurnResult("Now.", agent.Name, true, InputTokens: 5, OutputTokens: 7));
        var response = await asked.Within();
        (Text(response, "status"), Text(response, "model"), Said(response)).ShouldBe(("completed", agent.Model, "Now."));
        response.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(12);
        response.GetProperty("metadata").GetProperty("a").GetString().ShouldBe("b");
        (await fleet.Get($"/v1/responses/{Id(response)}")).GetRawText().ShouldBe(response.GetRawText());
        var turn = await fleet.Get($"/v1/turns/{Id(response)["resp_".Length..]}");
        (Text(turn, "answer"), $"conv_{Text(turn, "conversation_id")}").ShouldBe(
            ("Now.", response.GetProperty("conversation").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_stream_is_resumed_exactly_after_every_number_while_it_comes_and_when_it_is_over()
    {
        await using var agent = await Model();
        var id = Id(await Ask(new { model = agent.Model, input = "go", background = true }));
        var (run, _) = await agent.Begin();
        await agent.Say(run, "Hm", "thinking");
        foreach (var piece in "naïve €5 日本語".Chunk(2))
            await agent.Say(run, new string(piece));
        var early = Enumerable.Range(-1, 5).Select(after => Events(id, after)).ToList();
        await agent.Say(run, """{"type":"heartbeat","elapsed_seconds":5}""" + "\n", TurnNote.Stream);
        await agent.End(run, new TurnResult("naïve €5 日本語", agent.Name, true, Thinking: "Hm"));
        var whole = await early[0].Within();
        string.Concat(whole.Where(one => one.Name == "response.output_text.delta").Select(one => Text(one.Data, "delta")))
            .ShouldBe("naïve €5 日本語");
        whole.Select(one => one.Data.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, whole.Count));
        foreach (var (place, read) in early.Index())
            Raw(await read.Within()).ShouldBe(Raw(whole.Skip(place)));
        for (var after = -1; after <= whole.Count; after++)
            Raw(await Events(id, after)).ShouldBe(Raw(whole.Skip(after + 1)));
        whole[^1].Data.GetProperty("response").GetRawText().ShouldBe((await fleet.Get($"/v1/responses/{id}")).GetRawText());
    }

    [Fact]
    public async Task In_the_background_it_is_answered_at_once_and_shows_how_far_it_is()
    {
        await using var agent = await Model();
        var queued = await Ask(new { model = agent.Model, input = "go", background = true });
        Text(queued, "status").ShouldBe("queued");
        var (run, _) = await agent.Begin();
        await agent.Say(run, "Hel");
        await Eventually.True(
            async () => Said(await fleet.Get($"/v1/responses/{Id(queued)}")) == "Hel", "what came is shown");
        Text(await fleet.Get($"/v1/responses/{Id(queued)}"), "status").ShouldBe("in_progress");
        await agent.End(run, new TurnResult("Hello", agent.Name, true));
        await Eventually.True(
            async () => Text(await fleet.Get($"/v1/responses/{Id(queued)}"), "status") == "completed", "it is over");
    }

    [Fact]
    public async Task A_response_follows_another_and_branches_where_something_else_follows_already()
    {
        await using var agent = await Model();
        var first = await Answered(agent, new { model = agent.Model, input = "one?" }, "1");
        var (second, memory) = await Told(agent, new { input = "two?", previous_response_id = Id(first) }, "2");
        memory.History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        Conversation(second).ShouldBe(Conversation(first));
        var (other, same) = await Told(agent, new { input = "other?", previous_response_id = Id(first) }, "3");
        same.History!.Select(message => message.Content).ShouldBe(["one?", "1"]);
        Conversation(other).ShouldNotBe(Conversation(first));
        Text(other, "previous_response_id").ShouldBe(Id(first));
        var (_, chain) = await Told(agent, new { input = "and?", previous_response_id = Id(other) }, "4");
        chain.History!.Select(message => message.Content).ShouldBe(["one?", "1", "other?", "3"]);
        var (named, _) = await Told(agent, new { model = agent.Model, input = "here?", conversation = Conversation(first) }, "5");
        Conversation(named).ShouldBe(Conversation(first));
    }

    [Fact]
    public async Task A_function_is_called_and_what_it_gave_is_told_with_the_question()
    {
        await using var agent = await Model();
        var tools = new[] { new { type = "function", name = "look", parameters = new { type = "object" } } };
        var asked = Ask(new { model = agent.Model, input = "What is there?", tools });
        var (run, spec) = await agent.Begin();
        spec.ToolsJson.ShouldBe("""[{"type":"function","function":{"name":"look","description":"","parameters":{"type":"object"}}}]""");
        await agent.End(run, new TurnResult(
            "", agent.Name, true, ToolCallsJson: """[{"id":"c1","function":{"name":"look","arguments":{"at":1}}}]"""));
        var call = (await asked.Within()).GetProperty("output")[0];
        (Text(call, "type"), Text(call, "call_id"), Text(call, "arguments")).ShouldBe(("function_call", "c1", """{"at":1}"""));
        var output = new { type = "function_call_output", call_id = "c1", output = "a tree" };
        var (said, told) = await Told(agent, new { input = new[] { output }, previous_response_id = Id(await asked) }, "A tree.");
        Said(said).ShouldBe("A tree.");
        told.Question.Select(message => (message.Role, message.Content, message.ToolName)).ShouldBe(
            [("user", "What is there?", null), ("assistant", "", null), ("tool", "a tree", "look")]);
        var reference = new { type = "item_reference", id = Text(call, "id") };
        var (_, alone) = await Told(
            agent, new { model = agent.Model, input = new object[] { new { role = "user", content = "Well?" }, reference, output } }, "A tree.");
        alone.Question.Select(message => message.Role).ShouldBe(["user", "assistant", "tool"]);
        alone.Question[1].ToolCallsJson.ShouldBe("""[{"id":"c1","function":{"name":"look","arguments":{"at":1}}}]""");
    }

    [Fact]
    public async Task What_is_not_to_be_stored_is_gone_after_the_answer()
    {
        await using var agent = await Model();
        var response = await Answered(agent, new { model = agent.Model, input = "psst", store = false }, "Yes.");
        Said(response).ShouldBe("Yes.");
        await Missing(HttpMethod.Get, $"/v1/responses/{Id(response)}");
        using var turn = await fleet.Http.GetAsync($"/v1/turns/{Id(response)["resp_".Length..]}");
        ((int)turn.StatusCode).ShouldBe(404);
        (await fleet.Get("/v1/conversations?search=psst")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task It_is_cancelled_and_removed()
    {
        await using var agent = await Model();
        var id = Id(await Ask(new { model = agent.Model, input = "go", background = true }));
        var (run, _) = await agent.Begin();
        await agent.Say(run, "Hel");
        var cancelling = fleet.Http.PostAsync($"/v1/responses/{id}/cancel", null);
        var turns = fleet.Services.GetRequiredService<WorkStatuses>();
        await Eventually.True(async () => (await turns.Find(run.WorkId, default))!.State == "cancelling", "it is told to stop");
        await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        var cancelled = await (await cancelling.Within()).Json(200);
        (Text(cancelled, "status"), Said(cancelled)).ShouldBe(("cancelled", "Hel"));
        using var removed = await fleet.Http.DeleteAsync($"/v1/responses/{id}");
        (await removed.Json(200)).GetRawText().ShouldBe($$"""{"id":"{{id}}","object":"response","deleted":true}""");
        await Missing(HttpMethod.Get, $"/v1/responses/{id}");
    }

    [Fact]
    public async Task What_was_asked_is_listed_in_pages()
    {
        await using var agent = await Model();
        var input = Enumerable.Range(0, 5).Select(number => new { role = "user", content = $"{number}" });
        var id = Id(await Answered(agent, new { model = agent.Model, input }, "Five."));
        var page = await fleet.Get($"/v1/responses/{id}/input_items?limit=2");
        page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString())
            .ShouldBe(["4", "3"]);
        page.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        page = await fleet.Get($"/v1/responses/{id}/input_items?limit=3&after={Text(page, "last_id")}");
        (page.GetProperty("data").GetArrayLength(), page.GetProperty("has_more").GetBoolean()).ShouldBe((3, false));
        page = await fleet.Get($"/v1/responses/{id}/input_items?order=asc");
        Text(page, "first_id").ShouldEndWith("_in0");
    }

    [Fact]
    public async Task For_everybody_else_it_is_not_there()
    {
        await using var agent = await Model();
        var id = Id(await Answered(agent, new { model = agent.Model, input = "go" }, "Gone."));
        using var other = await fleet.User();
        await Missing(HttpMethod.Get, $"/v1/responses/{id}", other);
        await Missing(HttpMethod.Get, $"/v1/responses/{id}?stream=true", other);
        await Missing(HttpMethod.Get, $"/v1/responses/{id}/input_items", other);
        await Missing(HttpMethod.Post, $"/v1/responses/{id}/cancel", other);
        await Missing(HttpMethod.Delete, $"/v1/responses/{id}", other);
        using var follows = await other.PostAsJsonAsync("/v1/responses", new { model = agent.Model, input = "x", previous_response_id = id });
        (await Error(follows, 400)).ShouldBe(("previous_response_not_found", "previous_response_id"));
        var native = (await fleet.Ask(await fleet.Conversation(new { upstream = agent.Name }), new { text = "?" })).GetProperty("turn_id");
        await Missing(HttpMethod.Get, $"/v1/responses/resp_{native}");
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_response()
    {
        await using var agent = await Model();
        var body = JsonSerializer.Serialize(new { model = agent.Model, input = "once", background = true });
        var ids = new List<string>();
        foreach (var _ in (int[])[1, 2])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            request.Headers.Add("Idempotency-Key", agent.Name);
            using var answer = await fleet.Http.SendAsync(request);
            ids.Add(Id(await answer.Json(200)));
        }

        ids[1].ShouldBe(ids[0]);
    }

    private async Task<ChatAgent> Model()
    {
        var agent = await fleet.ChatAgent("ollama", fleet.NewName());
        var models = fleet.Services.GetRequiredService<IModelDirectory>();
        await Eventually.True(
            async () => (await models.List(default)).Any(model => model.Name == agent.Model), "the model is known");
        return agent;
    }

    private async Task<JsonElement> Ask(object request)
    {
        using var answer = await fleet.Http.PostAsJsonAsync("/v1/responses", request);
        return await answer.Json(200);
    }

    private async Task<JsonElement> Answered(ChatAgent agent, object request, string answer) =>
        (await Told(agent, request, answer)).Response;

    private async Task<(JsonElement Response, TurnSpec Spec)> Told(ChatAgent agent, object request, string answer)
    {
        var asked = Ask(request);
        var spec = await agent.Answer(answer);
        return (await asked.Within(), spec);
    }

    private async Task<IReadOnlyList<(string Name, JsonElement Data)>> Events(string id, int after)
    {
        var text = await fleet.Http.GetStringAsync(
            $"/v1/responses/{id}?stream=true{(after < 0 ? "" : $"&starting_after={after}")}");
        return
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(one => !one.StartsWith(':')).Select(one =>
            {
                var lines = one.Split('\n');
                return (lines[0]["event: ".Length..], JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement);
            }),
        ];
    }

    private static IEnumerable<string> Raw(IEnumerable<(string Name, JsonElement Data)> events) =>
        events.Select(one => $"{one.Name} {one.Data.GetRawText()}");

    private async Task Missing(HttpMethod method, string path, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await (by ?? fleet.Http).SendAsync(request);
        (await Error(answer, 404)).Code.ShouldBe("not_found");
    }

    private static async Task<(string? Code, string? Param)> Error(HttpResponseMessage answer, int status)
    {
        var error = (await answer.Json(status)).GetProperty("error");
        return (Text(error, "code"), Text(error, "param"));
    }

    private static string Id(JsonElement response) => Text(response, "id")!;

    private static string? Conversation(JsonElement response) => Text(response.GetProperty("conversation"), "id");

    private static string Said(JsonElement response) => string.Concat(response.GetProperty("output").EnumerateArray()
        .Where(item => Text(item, "type") == "message").Select(item => Text(item.GetProperty("content")[0], "text")));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
