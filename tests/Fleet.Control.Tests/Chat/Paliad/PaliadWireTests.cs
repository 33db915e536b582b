using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;

namespace Fleet.Control.Tests.Chat.Paliad;

/// <summary>Every row of paliad's wire: shapes, words, and for whom it is there.</summary>
public sealed class PaliadWireTests(PaliadFleet fleet) : IClassFixture<PaliadFleet>
{
    private static readonly string[] Row =
    [
        "turn_id", "started_at", "response", "error_code", "finished_at", "duration_ms", "used_tools", "rows_seen", "chip_count",
        "classifier_tag",
    ];

    [Theory]
    [InlineData("POST", "/api/paliadin/turn", "{", 400, """{"error":"invalid JSON"}""")]
    [InlineData("POST", "/api/paliadin/turn", "null", 400, """{"error":"invalid JSON"}""")]
    [InlineData("POST", "/api/paliadin/turn", "", 400, """{"error":"invalid JSON"}""")]
    [InlineData("POST", "/api/paliadin/turn", """{"user_message":7}""", 400, """{"error":"invalid JSON"}""")]
    [InlineData("POST", "/api/paliadin/turn", "{}", 400, """{"error":"user_message required"}""")]
    [InlineData("POST", "/api/paliadin/turn", """{"user_message":""}""", 400, """{"error":"user_message required"}""")]
    [InlineData("GET", "/api/paliadin/stream/x", null, 400, "invalid turn_id\n")]
    [InlineData("GET", "/api/paliadin/turns/x", null, 400, "invalid turn_id\n")]
    [InlineData("GET", "/api/paliadin/turns/x/recover", null, 400, "invalid turn_id\n")]
    [InlineData("POST", "/api/paliadin/turns/x/cancellation", null, 400, "invalid turn_id\n")]
    [InlineData("GET", "/api/paliadin/stream/{id}", null, 404, "unknown turn_id (already finished, or never started)\n")]
    [InlineData("GET", "/api/paliadin/turns/{id}", null, 404, "not found\n")]
    [InlineData("GET", "/api/paliadin/turns/{id}/recover", null, 404, "not found\n")]
    [InlineData("GET", "/api/paliadin/history", null, 200, "[]")]
    [InlineData("GET", "/api/paliadin/history?session=%20&limit=x", null, 200, "[]")]
    public async Task What_is_wrong_is_said_in_paliads_words(string method, string path, string? body, int status, string words)
    {
        var met = await PaliadFleet.Call(fleet.Http, method, path.Replace("{id}", Guid.NewGuid().ToString()), body);
        (met.Status, met.Body).ShouldBe((status, words));
        met.Type.ShouldStartWith(words.EndsWith('\n') ? "text/plain; charset=utf-8" : "application/json");
    }

    [Fact]
    public async Task A_turn_goes_from_question_to_history_in_the_shapes_that_clients_know()
    {
        using var owner = await fleet.User();
        await using var agent = await fleet.ChatAgent();
        var id = await PaliadFleet.Turn(owner, new
        {
            user_message = "When?",
            session_id = "tab 1",
            page_origin = "",
            more = "is passed over",
            context = new { route_name = "deadlines", page_origin = "/d/7", user_selection_text = new string('x', 1500), other = 1 },
        });
        var waiting = await PaliadFleet.Json(owner, $"/api/paliadin/turns/{id}/recover");
        Names(waiting).ShouldBe([.. Row, "recovery_state"]);
        waiting.GetProperty("recovery_state").GetString().ShouldBe("pending");
        waiting.GetProperty("response").ValueKind.ShouldBe(JsonValueKind.Null);
        waiting.GetProperty("used_tools").GetArrayLength().ShouldBe(0);

        var (run, spec) = await agent.Begin();
        var context = JsonDocument.Parse(spec.ContextJson!).RootElement;
        Names(context).ShouldBe(["route_name", "page_origin", "user_selection_text"]);
        context.GetProperty("user_selection_text").GetString()!.Length.ShouldBe(1000);
        await fleet.Say(agent, run, ("content", "Now."));
        await agent.End(run, new TurnResult("Now.", agent.Name, true, UsedTools: ["sql"], RowsSeen: [3], ClassifierTag: "dates"));
        (await PaliadFleet.Stream(owner, id))![^1].Name.ShouldBe("end");
        var done = await PaliadFleet.Json(owner, $"/api/paliadin/turns/{id}");
        Names(done).ShouldBe(Row);
        done.GetProperty("started_at").GetString()!.ShouldMatch(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z");
        (Text(done, "response"), Text(done, "error_code"), Text(done, "classifier_tag")).ShouldBe(("Now.", null, "dates"));
        done.GetProperty("rows_seen")[0].GetInt32().ShouldBe(3);
        Text(await PaliadFleet.Json(owner, $"/api/paliadin/turns/{id}/recover"), "recovery_state").ShouldBe("recovered");

        var row = (await PaliadFleet.Json(owner, "/api/paliadin/history?session=tab%201"))[0];
        Names(row).ShouldBe([.. Row, "session_id", "user_message", "page_origin"], ignoreOrder: true);
        (Text(row, "turn_id"), Text(row, "user_message"), Text(row, "page_origin")).ShouldBe((id, "When?", "/d/7"));
        Text((await PaliadFleet.Json(owner, "/api/admin/paliadin/turns"))[0], "session_id").ShouldBe("tab 1");
        var stats = await PaliadFleet.Json(owner, "/api/admin/paliadin/stats");
        stats.GetProperty("totals").GetProperty("turns").GetInt32().ShouldBe(1);
        stats.GetProperty("classifier").GetProperty("dates").GetInt32().ShouldBe(1);
        (await PaliadFleet.Json(fleet.Http, "/api/paliadin/history?session=tab%201")).GetArrayLength().ShouldBe(0);
        (await PaliadFleet.Call(fleet.Http, "GET", $"/api/paliadin/turns/{id}")).Body.ShouldBe("not found\n");
    }

    [Fact]
    public async Task A_reset_ends_the_conversation_and_not_the_history()
    {
        using var owner = await fleet.User();
        await using var agent = await fleet.ChatAgent();
        var conversations = new List<string>();
        foreach (var question in (string[])["one", "two", "three"])
        {
            if (question == "three")
                (await PaliadFleet.Call(owner, "POST", "/api/paliadin/reset")).Body.ShouldBe("""{"ok":true}""");
            var id = await PaliadFleet.Turn(owner, new { user_message = question, session_id = "s", page_origin = "/x" });
            var (run, spec) = await agent.Begin();
            conversations.Add(spec.Conversation);
            spec.History!.Count.ShouldBe(question == "two" ? 2 : 0);
            (spec.UpstreamConversation, spec.ContextJson).ShouldBe((question == "two" ? "up-1" : null, """{"page_origin":"/x"}"""));
            await agent.End(run, new TurnResult(question, agent.Name, true, UpstreamConversation: "up-1"));
            (await PaliadFleet.Stream(owner, id))!.Last().Data.ShouldContain("\"aichat_conversation_id\":\"up-1\"");
        }

        (conversations[1] == conversations[0], conversations[2] == conversations[0]).ShouldBe((true, false));
        (await History("")).ShouldBe(["one", "two", "three"]);
        (await History("&limit=2")).ShouldBe(["two", "three"]);
        (await History("&limit=-1")).Count().ShouldBe(3);
        (await History("&limit=99999")).Count().ShouldBe(3);

        async Task<IEnumerable<string?>> History(string query) =>
            (await PaliadFleet.Json(owner, $"/api/paliadin/history?session=s{query}")).EnumerateArray()
                .Select(row => Text(row, "user_message"));
    }

    [Fact]
    public async Task What_did_not_complete_says_how_it_ended_and_what_came_of_it()
    {
        await using var agent = await fleet.ChatAgent();
        var late = await PaliadFleet.Turn(fleet.Http, new { user_message = "late?" });
        await agent.End((await agent.Begin()).Run, new TurnResult("found", agent.Name, false, Recovered: true));
        await PaliadFleet.Stream(fleet.Http, late);
        Text(await PaliadFleet.Json(fleet.Http, $"/api/paliadin/turns/{late}/recover"), "error_code").ShouldBe("late");

        var stopped = await PaliadFleet.Turn(fleet.Http, new { user_message = "stop?" });
        var (run, _) = await agent.Begin();
        await fleet.Say(agent, run, ("content", "half"));
        (await PaliadFleet.Call(fleet.Http, "POST", $"/api/paliadin/turns/{stopped}/cancellation")).Status.ShouldBe(202);
        await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        var said = (await PaliadFleet.Stream(fleet.Http, stopped))!;
        said.Select(one => one.Name).ShouldBe(["meta", "content", "error"]);
        said[^1].Data.ShouldContain("\"code\":\"cancelled\"");
        var row = await PaliadFleet.Json(fleet.Http, $"/api/paliadin/turns/{stopped}/recover");
        (Text(row, "response"), Text(row, "error_code"), Text(row, "recovery_state")).ShouldBe(("half", "cancelled", "recovered"));
        (await PaliadFleet.Call(fleet.Http, "POST", $"/api/paliadin/turns/{stopped}/cancellation")).Status.ShouldBe(200);
    }

    private static IEnumerable<string> Names(JsonElement row) => row.EnumerateObject().Select(field => field.Name);

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
