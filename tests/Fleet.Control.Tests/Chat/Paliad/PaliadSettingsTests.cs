using System.Net.Http.Json;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Chat.Paliad;

/// <summary>For whom the wire is there, and its times. No agent takes part: several Controls share the fleet.</summary>
public sealed class PaliadSettingsTests(PaliadFleet fleet) : IClassFixture<PaliadFleet>
{
    [Fact]
    public async Task Whoever_is_not_the_owner_meets_paths_that_nobody_serves()
    {
        using var nobody = fleet.With(null);
        using var wrong = fleet.With("fleet_" + new string('A', 43));
        using var reader = await fleet.WithScopes("chat:read", "jobs:read");
        using var made = await fleet.Http.PostAsJsonAsync("/v1/api-keys", new { name = "far", role = "admin", tenant = "far" });
        using var far = fleet.With((await made.Json(201)).GetProperty("key").GetString());
        using var named = await fleet.Another(("Paliad:Owner", "somebody else"));
        foreach (var by in (HttpClient[])[nobody, wrong, reader, far, named])
        {
            foreach (var (method, path) in PaliadFleet.Paths)
            {
                var met = await PaliadFleet.Call(by, method, path, method == "GET" ? null : "{");
                met.ShouldBe((404, "text/plain; charset=utf-8", "404 page not found\n"), $"{method} {path}");
            }
        }

        (await PaliadFleet.Call(nobody, "GET", "/openapi/v1.json")).Body.ShouldNotContain("paliad");
        foreach (var (method, path) in PaliadFleet.Paths.TakeLast(5))
            (await PaliadFleet.Call(fleet.Http, method, path)).Body.ShouldBe("404 page not found\n");
    }

    [Fact]
    public async Task An_owner_can_be_named_and_is_then_the_only_one()
    {
        using var user = await fleet.User();
        var reset = await PaliadFleet.Call(user, "POST", "/api/paliadin/reset");
        reset.ShouldBe((200, "application/json; charset=utf-8", """{"ok":true}"""));
        var id = (await PaliadFleet.Json(user, "/v1/whoami")).GetProperty("key_id").GetString()!;
        using var admin = await fleet.Another(("Paliad:Owner", id));
        (await PaliadFleet.Call(admin, "POST", "/api/paliadin/reset")).Status.ShouldBe(404);
        using var owner = new HttpClient { BaseAddress = admin.BaseAddress };
        owner.DefaultRequestHeaders.Authorization = user.DefaultRequestHeaders.Authorization;
        (await PaliadFleet.Call(owner, "POST", "/api/paliadin/reset")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_reader_of_silence_is_pinged()
    {
        using var quick = await fleet.Another(("Paliad:PingSeconds", "0.2"));
        var turn = await PaliadFleet.Turn(quick, new { user_message = "?" });
        using var answer = await quick.GetAsync($"/api/paliadin/stream/{turn}", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var seen = new List<string>();
        while (seen.Count(line => line == "event: ping") < 2)
            seen.Add((await lines.ReadLineAsync())!);
        seen.ShouldContain("data: {}");
        seen.ShouldContain("event: meta");
        (await PaliadFleet.Call(quick, "POST", $"/api/paliadin/turns/{turn}/cancellation")).Status.ShouldBe(202);
    }

    [Fact]
    public async Task An_answer_that_nobody_waits_for_any_more_is_lost()
    {
        using var impatient = await fleet.Another(("Paliad:RecoverSeconds", "1"));
        var pending = await PaliadFleet.Turn(impatient, new { user_message = "lost?" });
        await Eventually.True(
            async () => (await PaliadFleet.Call(impatient, "GET", $"/api/paliadin/turns/{pending}/recover")).Body
                .Contains("\"recovery_state\":\"lost\""),
            "nobody waits for it any more");
    }
}
