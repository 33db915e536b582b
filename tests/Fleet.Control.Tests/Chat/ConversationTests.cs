using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Control.Tests.Chat.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Control.Tests.Webhooks.Support;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Chat;

/// <summary>Conversations over HTTP: whose they are, and what becomes of them.</summary>
public sealed class ConversationTests(ChatFleet fleet) : IClassFixture<ChatFleet>
{
    [Fact]
    public async Task A_conversation_is_found_by_title_and_texts_and_renamed()
    {
        await using var agent = await fleet.ChatAgent();
        using var user = await fleet.User();
        var named = await fleet.Conversation(new { title = "All about 100% of_owls" }, user);
        var asked = await fleet.Conversation(new { upstream = agent.Name }, user);
        var turn = await fleet.Ask(asked, new { text = "What do larks eat?" }, user);
        await agent.Answer("Mostly SEEDS.");
        await ChatFleet.Get(user, $"/v1/turns/{turn.GetProperty("turn_id").GetString()}?wait=60");
        (await Found(user, "")).ShouldBe([asked, named]);
        (await Found(user, "?search=larks")).ShouldBe([asked]);
        (await Found(user, "?search=seeds")).ShouldBe([asked]);
        (await Found(user, "?search=100%25%20of_")).ShouldBe([named]);
        (await Found(user, "?search=100_")).ShouldBeEmpty();
        var page = await ChatFleet.Get(user, "/v1/conversations?limit=1");
        (await Found(user, $"?cursor={page.GetProperty("next").GetString()}")).ShouldBe([named]);

        using var renamed = await user.PatchAsJsonAsync($"/v1/conversations/{asked}", new { title = "Larks" });
        (await renamed.Json(200)).GetProperty("title").GetString().ShouldBe("Larks");
        using var wrong = await user.PatchAsJsonAsync($"/v1/conversations/{asked}", new { title = "" });
        await wrong.Problem(400, "invalid_field");
    }

    [Fact]
    public async Task Whoever_does_not_own_it_meets_an_unknown_id_everywhere()
    {
        using var owner = await fleet.User();
        using var other = await fleet.User();
        var conversation = await fleet.Conversation(new { upstream = fleet.NewName() }, owner);
        var turn = (await fleet.Ask(conversation, new { text = "private?" }, owner)).GetProperty("turn_id").GetString()!;
        foreach (var stranger in (HttpClient[])[other, fleet.Http])
        {
            string[] paths =
            [
                $"/v1/conversations/{conversation}", $"/v1/conversations/{conversation}/turns", $"/v1/turns/{turn}",
                $"/v1/turns/{turn}/events", $"/v1/turns/{turn}/log", $"/v1/turns/{turn}/explain", $"/v1/jobs/{turn}",
            ];
            foreach (var path in paths)
            {
                using var shown = await stranger.GetAsync(path);
                await shown.Problem(404, "not_found");
            }

            foreach (var path in (string[])["cancellation", "regenerate", "retry", "branch", "hold"])
            {
                using var changed = await stranger.PostAsJsonAsync($"/v1/turns/{turn}/{path}", new { text = "mine?" });
                await changed.Problem(404, "not_found");
            }

            using var asked = await stranger.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", new { text = "?" });
            await asked.Problem(404, "not_found");
            using var removed = await stranger.DeleteAsync($"/v1/conversations/{conversation}");
            await removed.Problem(404, "not_found");
            (await ChatFleet.Get(stranger, "/v1/turns")).GetProperty("items").EnumerateArray()
                .ShouldAllBe(one => one.GetProperty("turn_id").GetString() != turn);
            await fleet.Tell("/v1/turns/bulk", 202, new { action = "cancel", filter = "state:queued" }, stranger);
        }

        (await ChatFleet.Get(owner, "/v1/turns?state=queued")).GetProperty("items")[0].GetProperty("turn_id").GetString().ShouldBe(turn);
        var bulk = await fleet.Tell("/v1/turns/bulk", 202, new { action = "cancel", filter = "state:queued" }, owner);
        (await ChatFleet.Get(owner, $"/v1/turns/{turn}?wait=60")).GetProperty("state").GetString().ShouldBe("cancelled");
        bulk.GetProperty("action").GetString().ShouldBe("cancel");
    }

    [Fact]
    public async Task A_conversation_that_is_deleted_stops_what_runs_and_leaves_nothing()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        var done = (await fleet.Ask(conversation, new { text = "one?" })).GetProperty("turn_id").GetString()!;
        await agent.Answer("1");
        await fleet.Get($"/v1/turns/{done}?wait=60");
        var runs = (await fleet.Ask(conversation, new { text = "two?" })).GetProperty("turn_id").GetString()!;
        var (run, _) = await agent.Begin();
        using var removed = await fleet.Http.DeleteAsync($"/v1/conversations/{conversation}");
        ((int)removed.StatusCode).ShouldBe(204);
        using var gone = await fleet.Http.GetAsync($"/v1/conversations/{conversation}");
        await gone.Problem(404, "not_found");
        using var asked = await fleet.Http.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", new { text = "?" });
        await asked.Problem(404, "not_found");
        await agent.End(run, new AttemptResult(AttemptOutcome.Cancelled));
        foreach (var table in (string[])["conversations where id", "exchanges where conversation_id", "turns where conversation_id"])
        {
            await Eventually.True(
                async () => await fleet.House.Ask<long>($"select count(*) from {table} = $1", Id(conversation)) == 0, $"{table} is empty");
        }

        (await fleet.House.Ask<long>("select count(*) from work where id = any($1)", (Guid[])[Id(done), Id(runs)])).ShouldBe(0);
    }

    [Fact]
    public async Task Receivers_hear_of_turns_and_not_what_was_said()
    {
        await using var receiver = await TestReceiver.Start();
        await using var agent = await fleet.ChatAgent();
        var endpoint = await fleet.Tell("/v1/webhook-endpoints", 201, new { url = receiver.Url, event_types = (string[])["turn.*"] });
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        var turn = (await fleet.Ask(conversation, new { text = "a secret?" })).GetProperty("turn_id").GetString()!;
        await agent.Answer("another secret");
        await Eventually.True(() => Told(receiver, turn).Count == 3, "all three states are told");
        Told(receiver, turn).Select(told => told.GetProperty("type").GetString())
            .ShouldBe(["turn.queued", "turn.streaming", "turn.completed"]);
        receiver.Calls.Select(call => Encoding.UTF8.GetString(call.Body)).ShouldAllBe(body => !body.Contains("secret"));
        using var removed = await fleet.Http.DeleteAsync($"/v1/webhook-endpoints/{endpoint.GetProperty("endpoint_id").GetString()}");
        ((int)removed.StatusCode).ShouldBe(204);
    }

    [Fact]
    public async Task A_limit_refuses_and_says_when_to_come_back()
    {
        using var limited = await fleet.Another(("Chat:UserTurnsPerHour", "1000000"), ("Chat:UserTokensPerDay", "12"));
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        var turn = await fleet.Ask(conversation, new { text = "?" });
        await agent.Answer("12 tokens");
        await fleet.Get($"/v1/turns/{turn.GetProperty("turn_id").GetString()}?wait=60");
        using var refused = await limited.PostAsJsonAsync($"/v1/conversations/{conversation}/turns", new { text = "more?" });
        await refused.Problem(429, "token_limit");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task Admins_see_how_chats_are_used()
    {
        await using var agent = await fleet.ChatAgent();
        var conversation = await fleet.Conversation(new { upstream = agent.Name });
        foreach (var tools in (string[][])[["sql", "web"], ["sql"]])
        {
            var asked = await fleet.Ask(conversation, new { text = "counted twice?" });
            var (run, _) = await agent.Begin();
            await agent.End(run, new TurnResult("yes", agent.Name, true, UsedTools: tools, ClassifierTag: "counting"));
            await fleet.Get($"/v1/turns/{asked.GetProperty("turn_id").GetString()}?wait=60");
        }

        var shown = await fleet.Get("/v1/chat/statistics");
        shown.GetProperty("totals").GetProperty("states").GetProperty("completed").GetInt64().ShouldBeGreaterThanOrEqualTo(2);
        shown.GetProperty("last_7_days").GetProperty("turns").GetInt64().ShouldBeGreaterThanOrEqualTo(2);
        shown.GetProperty("tool_use").GetProperty("tools").GetProperty("sql").GetInt64().ShouldBe(2);
        shown.GetProperty("classifier").GetProperty("counting").GetInt64().ShouldBe(2);
        shown.GetProperty("duration_ms").GetProperty("median").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        shown.GetProperty("daily").GetArrayLength().ShouldBeGreaterThan(0);
        shown.GetProperty("top_prompts").EnumerateArray().ShouldContain(prompt =>
            prompt.GetProperty("text").GetString() == "counted twice?" && prompt.GetProperty("count").GetInt64() == 2);
        using var user = await fleet.User();
        using var forbidden = await user.GetAsync("/v1/chat/statistics");
        await forbidden.Problem(403, "forbidden");
    }

    [Fact]
    public async Task What_can_be_asked_of_chats_is_described()
    {
        var paths = (await fleet.Get("/openapi/v1.json")).GetProperty("paths");
        string[] expected =
        [
            "/v1/conversations", "/v1/conversations/{id}", "/v1/conversations/{id}/turns", "/v1/turns/{id}", "/v1/turns/{id}/events",
            "/v1/turns/{id}/cancellation", "/v1/turns/{id}/regenerate", "/v1/turns/{id}/branch", "/v1/chat/statistics",
        ];
        expected.ShouldBeSubsetOf(paths.EnumerateObject().Select(path => path.Name.TrimEnd('/')));
    }

    private static List<JsonElement> Told(TestReceiver receiver, string turn) =>
        [.. receiver.Calls.Select(call => JsonDocument.Parse(call.Body).RootElement)
            .Where(told => told.GetProperty("data").GetProperty("turn_id").GetString() == turn)];

    private static async Task<IEnumerable<string?>> Found(HttpClient by, string query) =>
        (await ChatFleet.Get(by, $"/v1/conversations{query}")).GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("conversation_id").GetString());

    private static Guid Id(string text) => WireId.TryParse(text, out var id) ? id : throw new FormatException(text);
}
