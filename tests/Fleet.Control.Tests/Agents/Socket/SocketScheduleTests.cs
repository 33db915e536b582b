using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Socket.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>Schedules that an agent holds.</summary>
public sealed class SocketScheduleTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    [Fact]
    public async Task A_schedule_is_pushed_and_confirmed_and_drift_is_seen()
    {
        await using var agent = await fleet.Connected();
        var schedule = await Make(agent.Name);
        var set = await agent.Hear("schedule.set");
        var held = set.GetProperty("schedules")[0];
        held.GetProperty("id").GetString().ShouldBe(schedule);
        held.GetProperty("cron").GetString().ShouldBe("30 2 * * *");
        held.GetProperty("enabled").GetBoolean().ShouldBeTrue();
        (await Drift(agent.Name)).ShouldBeTrue();

        await agent.Say("schedule.ack", new { version = set.GetProperty("schedule_version").GetInt64(), applied_at = "2026-01-01T00:00:00Z" });
        await Eventually.True(async () => !await Drift(agent.Name), "nothing differs any more");

        using var paused = await fleet.Http.PostAsync($"/v1/schedules/{schedule}/pause", null);
        await paused.Json(200);
        (await agent.Hear("schedule.set")).GetProperty("schedules")[0].GetProperty("enabled").GetBoolean().ShouldBeFalse();
        (await Drift(agent.Name)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_fire_is_an_occurrence_once_and_comes_back_also_after_an_absence()
    {
        await using var agent = await fleet.Connected();
        var schedule = await Make(agent.Name, "* * * * *");
        await agent.Hear("schedule.set");
        var due = DateTimeOffset.Parse("2026-01-01T02:30:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var today = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        foreach (var at in (DateTimeOffset[])[today, today, due, due])
            await agent.Say("schedule.fire", new { schedule_id = schedule, scheduled_at = at });
        await agent.Say("nonsense", new { });
        await agent.HearError("unknown_type"); // no fire was answered with an error, and all were seen to
        var occurrences = (await fleet.Get($"/v1/schedules/{schedule}/occurrences")).GetProperty("items").EnumerateArray().ToList();
        occurrences.Select(one => one.GetProperty("outcome").GetString()).ShouldBe(["started", "missed"], ignoreOrder: true);
        occurrences.Single(one => one.GetProperty("outcome").GetString() == "started")
            .GetProperty("started").GetProperty("kind").GetString().ShouldBe("job");
        (await fleet.Get($"/v1/schedules/{schedule}")).GetProperty("held_by").GetString().ShouldBe(agent.Name);
    }

    [Fact]
    public async Task A_time_that_the_schedule_does_not_have_starts_nothing()
    {
        await using var agent = await fleet.Connected();
        var schedule = await Make(agent.Name, zone: "Europe/Berlin");
        await agent.Hear("schedule.set");
        foreach (var at in (string[])["2026-01-01T02:30:00Z", "2026-01-01T01:29:59Z", "2026-01-01T01:31:00Z", "2031-01-01T01:30:00Z"])
        {
            await agent.Say("schedule.fire", new { schedule_id = schedule, scheduled_at = at });
            await agent.HearError("not_due");
        }

        foreach (var at in (string[])["2026-01-01T01:30:00.7Z", "2026-01-01T02:30:59+01:00", "2026-07-01T00:30:00Z"]) // two times in all
            await agent.Say("schedule.fire", new { schedule_id = schedule, scheduled_at = at });
        await agent.Say("nonsense", new { });
        await agent.HearError("unknown_type"); // all were seen to
        (await fleet.Get($"/v1/schedules/{schedule}/occurrences")).GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("due_at").GetDateTimeOffset().UtcDateTime.ToString("s", System.Globalization.CultureInfo.InvariantCulture))
            .Order().ShouldBe(["2026-01-01T01:30:00", "2026-07-01T00:30:00"]);
    }

    [Fact]
    public async Task Nobody_fires_what_another_holds()
    {
        await using var holder = await fleet.Connected();
        await using var other = await fleet.Connected();
        var schedule = await Make(holder.Name);
        await other.Say("schedule.fire", new { schedule_id = schedule, scheduled_at = TimeProvider.System.GetUtcNow() });
        await other.HearError("unknown_schedule");
    }

    [Theory]
    [InlineData("""{"every_s":60}""", "when.cron")]
    [InlineData("""{"cron":"0 30 2 * * ?"}""", "when.cron")]
    public async Task An_agent_knows_five_fields_and_nothing_else(string when, string field)
    {
        using var answer = await fleet.Http.PostAsJsonAsync("/v1/schedules", new
        {
            name = "held",
            when = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(when),
            start = new { job = new { kind = "noop" } },
            held_by = "web-1",
        });
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldContain("fields");
    }

    private async Task<string> Make(string agent, string cron = "30 2 * * *", string zone = "UTC")
    {
        using var answer = await fleet.Http.PostAsJsonAsync("/v1/schedules", new
        {
            name = "held",
            when = new { cron, time_zone = zone },
            start = new { job = new { kind = "noop" } },
            held_by = agent,
        });
        return (await answer.Json(201)).GetProperty("schedule_id").GetString()!;
    }

    private async Task<bool> Drift(string agent) =>
        (await fleet.Get($"/v1/agents/{agent}/schedules")).GetProperty("drift").GetBoolean();
}
