using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Manifests;

/// <summary>Schedules that follow who logs on to agents' hosts.</summary>
public sealed class LogonTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    [Fact]
    public async Task Each_logon_fires_once_on_its_own_host_however_often_it_is_said()
    {
        await using var one = await fleet.Agent();
        await using var other = await fleet.Agent();
        await using var away = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "greeted"));
        await Declare("greeted", "[logon, lock, startup]", $"[{one.Name}, {other.Name}]");
        (await Words("greeted")).ShouldBe(
            "On each host on which somebody logs on or whose agent starts (on [logon,lock,startup]). Agents do not tell of lock.");
        await IsPast();
        var now = await Now();
        var (first, second, third) = (Logon(now), Logon(now.AddSeconds(0.1)), Logon(now.AddSeconds(0.2)));

        await Say(one, first);
        await Say(one, first);
        await Say(away, Logon(now));
        await Say(other, first with { Kind = "lock" }, first with { Key = Guid.NewGuid(), Kind = "nonsense" });
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        one.Session = Guid.NewGuid(); // its process starts again, which is an event too
        await one.Register();
        await one.Connect();
        await one.Beat();
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await Say(one, third, first, second);
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await ManifestFleet.End(one, await ManifestFleet.Begin(one)); // each by itself
        await Say(other, first); // a key of another agent's is its own
        await ManifestFleet.End(other, await ManifestFleet.Begin(other));

        (one.Runs.Count, other.Runs.Count, away.Runs.Count).ShouldBe((0, 0, 0));
        (await fleet.House.Ask<long>("select count(*) from executions where schedule = 'greeted'")).ShouldBe(5);
        using var gone = await fleet.Http.DeleteAsync("/api/schedules/greeted");
        (await fleet.House.Ask<long>(
            """
            select (select count(*) from manifest_schedule_events where schedule = 'greeted')
                + (select count(*) from manifest_schedule_starts where schedule = 'greeted')
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_over_or_was_before_the_schedule_does_not_fire_and_a_deadline_reaches_further_back()
    {
        await using var one = await fleet.Agent();
        var now = await Now();
        await Say(one, Logon(now.AddSeconds(-5)));
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "patient"));
        await Declare("patient", "[logon]", $"[{one.Name}]", "starting_deadline: 2h");
        await Declare("hasty", "[logon]", $"[{one.Name}]", manifest: "patient");
        var looks = await Looks("hasty");
        await Eventually.True(async () => await Looks("hasty") >= looks + 2, "it is looked at");
        (await Fired("patient"), await Fired("hasty")).ShouldBe((0, 0));
        await fleet.House.Do($"delete from host_events where agent = '{one.Name}'");
        await fleet.House.Do("update manifest_schedules set updated_at = now() - interval '1 day' where name in ('patient', 'hasty')");
        await Say(one, Logon(now.AddHours(-3)), Logon(now.AddHours(-1)), Logon(now.AddHours(5)));
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        await Eventually.True(async () => await Fired("patient") == 2 && await Fired("hasty") == 1,
            "an hour late is late enough for one, and a clock that is ahead of the fleet's says now");
        (await fleet.House.Ask<bool>($"select bool_and(at <= told_at) from host_events where agent = '{one.Name}'")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_schedule_that_a_version_which_heard_of_no_logons_stored_is_followed_by_the_next()
    {
        await using var one = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "stored"));
        await Declare("stored", "[logon]", $"[{one.Name}]");
        await fleet.House.Do("update manifest_schedules set look_at = null, looks = looks + 1 where name = 'stored'");
        await IsPast();
        await Say(one, Logon(await Now()));
        await fleet.Services.GetRequiredService<RecurringStore>().FollowAnew(default);
        await ManifestFleet.End(one, await ManifestFleet.Begin(one));
        (await Fired("stored")).ShouldBe(1);
    }

    [Fact]
    public async Task What_says_nothing_of_a_host_is_not_kept()
    {
        await using var one = await fleet.Agent();
        var now = await Now();
        await one.Say(new HostEventsSeen(one.Name, Guid.NewGuid(), [Logon(now)])); // a session that is not its own
        await one.Say(new HostEventsSeen(one.Name, one.Session, [null!]));
        await one.Say(new HostEventsSeen(one.Name, one.Session, [.. Enumerable.Range(0, 1001).Select(_ => Logon(now))]));
        await one.Say(new HostEventsSeen("somebody-else", one.Session, [Logon(now)]));
        await Say(one, Logon(now));
        (await fleet.House.Ask<long>($"select count(*) from host_events where agent in ('{one.Name}', 'somebody-else')")).ShouldBe(1);
    }

    private static HostEvent Logon(DateTimeOffset at) => new(HostEvent.Logon, Guid.NewGuid(), at);

    /// <summary>Returns when none of them need be said again.</summary>
    private static async Task Say(TestAgent agent, params HostEvent[] events)
    {
        agent.Happened.Clear();
        await agent.Say(new HostEventsSeen(agent.Name, agent.Session, events));
        await Eventually.True(() => agent.Happened.Count == events.Length, $"what {agent.Name} says is stored");
    }

    private Task<JsonElement> Declare(string name, string events, string agents, string more = "", string? manifest = null) => fleet.Send(
        HttpMethod.Post, "/v1/manifest-schedules",
        $"id: {name}\njob_id: {manifest ?? name}\nwhen: {{on: {events}}}\nruns_on: agent\ntarget: {{pcs: {agents}}}\n{more}\n", 201);

    private async Task<string?> Words(string name) =>
        (await fleet.Get($"/v1/schedules?name={name}")).GetProperty("items")[0].GetProperty("words").GetString();

    private Task<long> Fired(string schedule) =>
        fleet.House.Ask<long>($"select count(*) from executions where schedule = '{schedule}'");

    private Task<long> Looks(string schedule) =>
        fleet.House.Ask<long>($"select looks::bigint from manifest_schedules where name = '{schedule}'");

    /// <summary>By the database's clock, which events go by, too.</summary>
    private Task IsPast() => Eventually.True(
        () => fleet.House.Ask<bool>("select bool_and(updated_at < now()) from manifest_schedules"), "the schedule was there before");

    private async Task<DateTimeOffset> Now() => new(await fleet.House.Ask<DateTime>("select now()"));
}
