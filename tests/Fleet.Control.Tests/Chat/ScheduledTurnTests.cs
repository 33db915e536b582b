using System.Globalization;
using System.Text.Json;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat;

public sealed class ScheduledTurnTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Fact]
    public async Task A_schedule_asks_in_a_conversation_of_its_own_each_time()
    {
        await using var agent = await fleet.ChatAgent();
        var schedule = await Schedule(new { text = "What is new at {{scheduled_at}}?", upstream = agent.Name });
        var occurrence = await Run(schedule);
        occurrence.GetProperty("outcome").GetString().ShouldBe("started");
        occurrence.GetProperty("started").GetProperty("kind").GetString().ShouldBe("turn");
        var asked = (await agent.Answer("Nothing.")).Question.Single().Content;
        DateTimeOffset.Parse(asked["What is new at ".Length..^1], CultureInfo.InvariantCulture)
            .ShouldBe(occurrence.GetProperty("due_at").GetDateTimeOffset());
        var turn = await fleet.Get($"/v1/turns/{occurrence.GetProperty("started").GetProperty("id").GetString()}?wait=60");
        turn.GetProperty("answer").GetString().ShouldBe("Nothing.");
        var conversation = turn.GetProperty("conversation_id").GetString();
        (await fleet.Get($"/v1/conversations/{conversation}")).GetProperty("title").GetString().ShouldBe(asked);
        await Run(schedule);
        await agent.Answer("Nothing yet.");
        var found = await fleet.Get("/v1/conversations?search=nothing");
        found.GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_schedule_goes_on_with_a_conversation_until_that_is_gone()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        var schedule = await Schedule(new { text = "And now?", conversation_id = conversation });
        await Run(schedule);
        await agent.Answer("Still here.");
        await Run(schedule);
        (await agent.Answer("Here too.")).History!.Select(said => said.Content).ShouldBe(["And now?", "Still here."]);
        using var removed = await fleet.Http.DeleteAsync($"/v1/conversations/{conversation}");
        ((int)removed.StatusCode).ShouldBe(204);
        var late = await Run(schedule);
        late.GetProperty("outcome").GetString().ShouldBe("failed");
        late.GetProperty("reason").GetString().ShouldBe("target_gone");
    }

    [Fact]
    public async Task What_is_wrong_with_the_question_is_said_when_the_schedule_is_made()
    {
        using var refused = await Post(new { conversation_id = "nowhere", text = "?" });
        (await refused.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Single().Name
            .ShouldBe("start.turn.conversation_id");
        using var empty = await Post(new { text = "" });
        (await empty.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("start.turn.text");
    }

    private async Task<string> Schedule(object turn)
    {
        using var made = await Post(turn);
        return (await made.Json(201)).GetProperty("schedule_id").GetString()!;
    }

    private Task<HttpResponseMessage> Post(object turn) => System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
        fleet.Http, "/v1/schedules", new { name = "question", when = new { manual = true }, start = new { turn } });

    private async Task<JsonElement> Run(string schedule) => await fleet.Tell($"/v1/schedules/{schedule}/run", 202);
}
