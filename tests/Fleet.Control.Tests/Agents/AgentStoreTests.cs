using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Control.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>Who is there, since when, and with what in hand.</summary>
public sealed class AgentStoreTests : IAsyncLifetime
{
    private static readonly AttemptInHand One = new(Guid.NewGuid(), 1);
    private static readonly AttemptInHand Two = new(Guid.NewGuid(), 7);

    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    private static Caller Anybody { get; } = new(Guid.NewGuid(), "test", "default", Scope.AgentsRead);

    private AgentStore Store => _control.Get<AgentStore>();

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = TestControl.On(_house);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task An_agent_that_registered_is_ready()
    {
        var session = await Register("worker-1", slots: 3, ("gpu", "ü\"'"));
        var ready = (await Store.Ready(CancellationToken.None)).Single();
        (ready.Name, ready.Session).ShouldBe(("worker-1", session));
        ready.Slots.ShouldBe(new Dictionary<string, int> { ["noop"] = 3 });
        ready.Labels.ShouldBe(new Dictionary<string, string> { ["gpu"] = "ü\"'" });
        (await Store.Presence(CancellationToken.None))["worker-1"].InHand.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_beat_renews_what_it_names()
    {
        var session = await Register("worker-1");
        await Silence("worker-1", seconds: 100);
        (await Store.Ready(CancellationToken.None)).ShouldBeEmpty();
        (await Beat(session, 1, One, Two)).ShouldBeTrue();
        (await Store.Ready(CancellationToken.None)).Count.ShouldBe(1);
        var presence = (await Store.Presence(CancellationToken.None))["worker-1"];
        presence.Silence.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        presence.InHand.ShouldBe([(One.WorkId, 1), (Two.WorkId, 7)], ignoreOrder: true);
    }

    [Fact]
    public async Task Beats_that_come_late_or_twice_change_nothing()
    {
        var session = await Register("worker-1");
        (await Beat(session, 5, One)).ShouldBeTrue();
        await Silence("worker-1", seconds: 100);
        (await Beat(session, 5, Two)).ShouldBeFalse();
        (await Beat(session, 4, Two)).ShouldBeFalse();
        (await Beat(Guid.NewGuid(), 6, Two)).ShouldBeFalse();
        (await Store.Ready(CancellationToken.None)).ShouldBeEmpty();
        (await InHand()).ShouldBe([(One.WorkId, 1)]);
    }

    [Fact]
    public async Task A_new_session_has_nothing_in_hand_and_counts_its_beats_anew()
    {
        var old = await Register("worker-1");
        await Beat(old, 100, One);
        var session = await Register("worker-1");
        (await InHand()).ShouldBeEmpty();
        (await Beat(old, 101, One)).ShouldBeFalse();
        (await Beat(session, 1, Two)).ShouldBeTrue();
        (await InHand()).ShouldBe([(Two.WorkId, 7)]);
    }

    [Fact]
    public async Task The_same_session_registering_again_keeps_what_it_has()
    {
        var session = await Register("worker-1");
        await Beat(session, 3, One);
        await Register("worker-1", session: session);
        (await InHand()).ShouldBe([(One.WorkId, 1)]);
        (await Beat(session, 3, Two)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_was_silent_for_half_a_lease_gets_no_work_and_is_remembered()
    {
        await Register("worker-1");
        await Register("worker-2");
        await Silence("worker-1", new LeaseSettings().LeaseSeconds / 2);
        (await Store.Ready(CancellationToken.None)).Select(agent => agent.Name).ShouldBe(["worker-2"]);
        (await Store.Presence(CancellationToken.None)).Keys.ShouldBe(["worker-1", "worker-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Whoever_does_not_reach_the_broker_gets_no_work_until_a_beat_came_through_it()
    {
        var session = Guid.NewGuid();
        await _control.Register("worker-1", new AgentRegistration(
            session, "1", "host", "linux", "x64", new Dictionary<string, int> { ["noop"] = 1 }, new Dictionary<string, string>(), "away"));
        (await Store.Ready(CancellationToken.None)).ShouldBeEmpty();
        await Beat(session, 1);
        (await Store.Ready(CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_registration_of_the_same_session_renews_no_lease()
    {
        var session = await Register("worker-1");
        await Beat(session, 1, One);
        await Silence("worker-1", seconds: 100);
        await Register("worker-1", session: session);
        (await Store.Ready(CancellationToken.None)).ShouldBeEmpty();
        var presence = (await Store.Presence(CancellationToken.None))["worker-1"];
        presence.Silence.ShouldBeGreaterThan(TimeSpan.FromSeconds(90));
        await Register("worker-1");
        presence = (await Store.Presence(CancellationToken.None))["worker-1"];
        presence.Silence.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        presence.BeatAt.ShouldBeNull("the new session has said nothing yet");
    }

    [Fact]
    public async Task Who_is_closing_gets_no_work_until_a_new_session_comes()
    {
        var session = await Register("worker-1");
        await Store.Beat(new AgentBeat("worker-1", session, 1, [One], Closing: true), TimeSpan.Zero, CancellationToken.None);
        (await Store.Ready(CancellationToken.None)).ShouldBeEmpty();
        (await Store.Presence(CancellationToken.None))["worker-1"].IsClosing.ShouldBeTrue();
        await Register("worker-1", session: session);
        (await Store.Ready(CancellationToken.None)).ShouldBeEmpty();
        await Register("worker-1");
        (await Store.Ready(CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stored_beat_is_answered_and_another_is_not()
    {
        var session = await Register("worker-1");
        await _control.Deliver(new AgentBeat("worker-1", session, 1, []));
        await _control.Deliver(new AgentBeat("worker-1", session, 1, []));
        await _control.Deliver(new AgentBeat("worker-1", Guid.NewGuid(), 2, []));
        _control.Post.All<BeatStored>().ShouldBe([new BeatStored(session, 1)]);
    }

    [Fact]
    public async Task A_list_goes_on_after_a_name()
    {
        foreach (var name in (string[])["b", "a", "d", "c"])
            await Register(name);
        (await Store.List(Anybody, null, 3, CancellationToken.None)).Select(agent => agent.Name).ShouldBe(["a", "b", "c"]);
        (await Store.List(Anybody, "b", 3, CancellationToken.None)).Select(agent => agent.Name).ShouldBe(["c", "d"]);
    }

    [Fact]
    public async Task Beats_with_null_parts_are_ignored()
    {
        var session = await Register("worker-1");
        await _control.Deliver(new AgentBeat("worker-1", session, 1, null!));
        await _control.Deliver(new AgentBeat("worker-1", session, 1, [null!]));
        (await InHand()).ShouldBeEmpty();
        await _control.Deliver(new AgentBeat("worker-1", session, 1, [One]));
        (await InHand()).ShouldBe([(One.WorkId, 1)]);
    }

    private async Task<Guid> Register(
        string name, int slots = 1, (string Name, string Value)? label = null, Guid? session = null)
    {
        var run = session ?? Guid.NewGuid();
        var labels = new Dictionary<string, string>();
        if (label is { } one)
            labels[one.Name] = one.Value;
        await _control.Register(
            name,
            new AgentRegistration(run, "1", "host", "linux", "x64", new Dictionary<string, int> { ["noop"] = slots }, labels));
        return run;
    }

    private Task<bool> Beat(Guid session, long number, params AttemptInHand[] inHand) =>
        Store.Beat(new AgentBeat("worker-1", session, number, inHand), TimeSpan.Zero, CancellationToken.None);

    private Task Silence(string name, double seconds) =>
        _house.Do(
        $"""
        update agents set session_at = now() - interval '{seconds} s',
            beat_at = case when beat_at is not null then now() - interval '{seconds} s' end
        where name = '{name}'
        """);

    private async Task<IEnumerable<(Guid, int)>> InHand() =>
        (await Store.Presence(CancellationToken.None))["worker-1"].InHand;
}
