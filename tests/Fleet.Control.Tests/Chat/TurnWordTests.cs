using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat;

/// <summary>Whatever speaks of a turn says its state in the words of turns.</summary>
public sealed class TurnWordTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Fact]
    public async Task Explanations_bulk_work_and_schedules_call_a_turn_streaming_and_completed()
    {
        await using var agent = await fleet.ChatAgent();
        var start = new { turn = new { text = "?", upstream = agent.Name } };
        var schedule = await fleet.Tell("/v1/schedules", 201, new { name = "question", when = new { manual = true }, start });
        var path = $"/v1/schedules/{schedule.GetProperty("schedule_id").GetString()}";
        var run = await fleet.Tell($"{path}/run", 202);
        var turn = run.GetProperty("started").GetProperty("id").GetString()!;
        var (attempt, _) = await agent.Begin();
        await agent.Say(attempt, "so f");
        await Eventually.True(async () => (await Explained(turn)).State == "streaming", "it runs");
        (await Explained(turn)).ShouldBe(("streaming", "streaming", $"Agent {agent.Name} has it."));
        (await Counted(turn)).ShouldBe("streaming");
        (await Started(path)).ShouldBe("streaming");

        await agent.End(attempt, new Fleet.Contracts.Chat.TurnResult("so far", agent.Name, true));
        await fleet.Get($"/v1/turns/{turn}?wait=60");
        (await Explained(turn)).ShouldBe(("completed", "completed", "It ran and completed."));
        (await Counted(turn)).ShouldBe("completed");
        await Eventually.True(async () => await Started(path) == "completed", "its schedule knows of it");
    }

    [Fact]
    public async Task A_number_that_no_event_has_is_refused_by_the_name_under_which_it_came()
    {
        var conversation = await fleet.Conversation(new { upstream = fleet.NewName() });
        var turn = (await fleet.Ask(conversation, new { text = "?" })).GetProperty("turn_id").GetString();
        foreach (var path in (string[])["events", "log?follow=true"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/turns/{turn}/{path}");
            request.Headers.Add("Last-Event-ID", "nine");
            using var header = await fleet.Http.SendAsync(request);
            (await header.Problem(400, "invalid_field")).Sentence("Last-Event-ID").ShouldContain("number of an event");
        }

        using var query = await fleet.Http.GetAsync($"/v1/turns/{turn}/events?after=999");
        (await query.Problem(400, "invalid_field")).Sentence("after").ShouldContain("number of an event");
    }

    private async Task<(string? State, string? Code, string? Message)> Explained(string turn)
    {
        var explained = await fleet.Get($"/v1/turns/{turn}/explain");
        var reason = explained.GetProperty("reasons")[0];
        return (Text(explained, "state"), Text(reason, "code"), Text(reason, "message"));
    }

    private static string? Text(System.Text.Json.JsonElement element, string field) => element.GetProperty(field).GetString();

    private async Task<string> Counted(string turn) =>
        (await fleet.Tell("/v1/turns/bulk", 200, new { action = "cancel", filter = $"id:{turn}", dry_run = true }))
        .GetProperty("states").EnumerateObject().Single().Name;

    private async Task<string?> Started(string schedule) =>
        (await fleet.Get($"{schedule}/occurrences")).GetProperty("items")[0].GetProperty("started").GetProperty("state").GetString();
}
