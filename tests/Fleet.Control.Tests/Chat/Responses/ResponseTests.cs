using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;
using static Fleet.Control.Tests.Chat.Responses.ResponseCalls;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>Responses over HTTP: asked, followed, and found again.</summary>
public sealed class ResponseTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    private readonly ResponseCalls _calls = new(fleet);

    [Fact]
    public async Task A_response_is_the_turn_of_a_conversation()
    {
        await using var agent = await _calls.Model();
        var asked = _calls.Ask(new { model = agent.Model, input = "When?", instructions = "Be short.", metadata = new { a = "b" }, max_output_tokens = 9 });
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
        await using var agent = await _calls.Model();
        var id = Id(await _calls.Ask(new { model = agent.Model, input = "go", background = true }));
        var (run, _) = await agent.Begin();
        await agent.Say(run, "Hm", "thinking");
        foreach (var piece in "naïve €5 日本語".Chunk(2))
            await agent.Say(run, new string(piece));
        var early = Enumerable.Range(-1, 5).Select(after => _calls.Events(id, after)).ToList();
        await agent.Say(run, """{"type":"heartbeat","elapsed_seconds":5}""" + "\n", TurnNote.Stream);
        await agent.End(run, new TurnResult("naïve €5 日本語", agent.Name, true, Thinking: "Hm"));
        var whole = await early[0].Within();
        string.Concat(whole.Where(one => one.Name == "response.output_text.delta").Select(one => Text(one.Data, "delta")))
            .ShouldBe("naïve €5 日本語");
        whole.Select(one => one.Data.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, whole.Count));
        foreach (var (place, read) in early.Index())
            Raw(await read.Within()).ShouldBe(Raw(whole.Skip(place)));
        for (var after = -1; after <= whole.Count; after++)
            Raw(await _calls.Events(id, after)).ShouldBe(Raw(whole.Skip(after + 1)));
        whole[^1].Data.GetProperty("response").GetRawText().ShouldBe((await fleet.Get($"/v1/responses/{id}")).GetRawText());
    }

    [Fact]
    public async Task In_the_background_it_is_answered_at_once_and_shows_how_far_it_is()
    {
        await using var agent = await _calls.Model();
        var queued = await _calls.Ask(new { model = agent.Model, input = "go", background = true });
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
    public async Task What_was_asked_is_listed_in_pages()
    {
        await using var agent = await _calls.Model();
        var input = Enumerable.Range(0, 5).Select(number => new { role = "user", content = $"{number}" });
        var id = Id(await _calls.Answered(agent, new { model = agent.Model, input }, "Five."));
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
        await using var agent = await _calls.Model();
        var id = Id(await _calls.Answered(agent, new { model = agent.Model, input = "go" }, "Gone."));
        using var other = await fleet.User();
        await _calls.Missing(HttpMethod.Get, $"/v1/responses/{id}", other);
        await _calls.Missing(HttpMethod.Get, $"/v1/responses/{id}?stream=true", other);
        await _calls.Missing(HttpMethod.Get, $"/v1/responses/{id}/input_items", other);
        await _calls.Missing(HttpMethod.Post, $"/v1/responses/{id}/cancel", other);
        await _calls.Missing(HttpMethod.Delete, $"/v1/responses/{id}", other);
        using var follows = await other.PostAsJsonAsync("/v1/responses", new { model = agent.Model, input = "x", previous_response_id = id });
        (await Error(follows, 400)).ShouldBe(("previous_response_not_found", "previous_response_id"));
        var native = (await fleet.Ask(await fleet.Conversation(new { upstream = agent.Name }), new { text = "?" })).GetProperty("turn_id");
        await _calls.Missing(HttpMethod.Get, $"/v1/responses/resp_{native}");
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_response()
    {
        await using var agent = await _calls.Model();
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
}
