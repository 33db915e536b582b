using System.Net.Http.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Agents;

/// <summary>Schedules that agents on the bus hold.</summary>
public sealed class BusScheduleTests : IAsyncLifetime
{
    private readonly Fleet _fleet = new();

    public Task InitializeAsync() => _fleet.InitializeAsync();

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task A_schedule_is_pushed_with_its_due_times_and_drift_is_seen()
    {
        await using var agent = await _fleet.Agent();
        var schedule = await Make(agent.Name, "30 2 * * *");
        var held = await Next(agent);
        var one = held.Schedules.ShouldHaveSingleItem();
        (one.ScheduleId, one.IsEnabled).ShouldBe((schedule, true));
        one.Due!.Count.ShouldBe(100);
        one.Due.ShouldAllBe(due => due.UtcDateTime.TimeOfDay == new TimeSpan(1, 30, 0) || due.UtcDateTime.TimeOfDay == new TimeSpan(0, 30, 0), "half past two in Berlin");
        (await Drift(agent.Name)).ShouldBeTrue();

        await agent.Say(new SchedulesHeld(agent.Name, Guid.NewGuid(), held.Version, DateTimeOffset.UnixEpoch)); // of no session of it
        await agent.Say(new SchedulesHeld(agent.Name, agent.Session, held.Version, DateTimeOffset.UnixEpoch));
        await Eventually.True(async () => !await Drift(agent.Name), "nothing differs any more");
        (await Next(agent)).Version.ShouldBe(held.Version, "it is told anew, long before these times are over");

        using var paused = await _fleet.Http.PostAsync($"/v1/schedules/{schedule}/pause", null);
        await paused.Json(200);
        await Eventually.True(async () => !(await Next(agent)).Schedules.Single().IsEnabled, "it is told of the pause");
        (await Drift(agent.Name)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_due_is_an_occurrence_once_and_what_was_not_is_none()
    {
        await using var agent = await _fleet.Agent();
        await using var other = await _fleet.Agent();
        var schedule = await Make(agent.Name, "* * * * *");
        await Next(agent);
        var now = TimeProvider.System.GetUtcNow();
        var due = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        await other.Say(new SchedulesFired(other.Name, other.Session, [new ScheduleDue(schedule, due.AddMinutes(-1))])); // it does not hold it
        await agent.Say(new SchedulesFired(
            agent.Name, agent.Session, [new ScheduleDue(schedule, due), new ScheduleDue(schedule, due.AddDays(1)), new ScheduleDue("none", due)]));
        await agent.Say(new SchedulesFired(agent.Name, agent.Session, [new ScheduleDue(schedule, due)]));
        await Eventually.True(() => agent.Fired.Count == 4 && other.Fired.Count == 1, "none need be said again");
        var occurrence = (await _fleet.Get($"/v1/schedules/{schedule}/occurrences")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        occurrence.GetProperty("due_at").GetDateTimeOffset().ShouldBe(due);
        occurrence.GetProperty("outcome").GetString().ShouldBe("started");
        var run = await agent.NextRun();
        await agent.Deliver(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true, Finished: new AttemptResult(AttemptOutcome.Succeeded, 0)));
    }

    private static async Task<HoldSchedules> Next(TestAgent agent)
    {
        HoldSchedules? held = null;
        await Eventually.True(() => agent.Held.TryDequeue(out held), $"{agent.Name} is told what it holds");
        return held!;
    }

    private async Task<string> Make(string agent, string cron)
    {
        using var answer = await _fleet.Http.PostAsJsonAsync("/v1/schedules", new
        {
            name = "held",
            when = new { cron, time_zone = "Europe/Berlin" },
            start = new { job = new { kind = "noop", target = new { agent } } },
            held_by = agent,
        });
        return (await answer.Json(201)).GetProperty("schedule_id").GetString()!;
    }

    private async Task<bool> Drift(string agent) =>
        (await _fleet.Get($"/v1/agents/{agent}/schedules")).GetProperty("drift").GetBoolean();

    private sealed class Fleet : TestFleet
    {
        protected override (string Key, string Value)[] Settings => [("Schedules:HeldRenewSeconds", "1")];

        protected override void AddMore(IHostApplicationBuilder builder) => builder.AddSchedules();

        protected override void MapMore(WebApplication app) => app.MapSchedules();
    }
}
