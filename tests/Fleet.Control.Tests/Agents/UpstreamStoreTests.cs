using Fleet.Contracts.Agents;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>What agents say about their upstreams: how much of it is believed, kept and used.</summary>
public sealed class UpstreamStoreTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private readonly Guid _session = Guid.NewGuid();
    private TestControl _control = null!;

    private UpstreamStore Store => _control.Get<UpstreamStore>();

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
        await Register("worker-1", _session);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task The_latest_of_the_present_session_counts()
    {
        (await Say(1, Upstream("one", "a"))).ShouldBe(true);
        (await Say(2, Upstream("one", "a"))).ShouldBe(false, "nothing new");
        (await Say(2, Upstream("one", "b"))).ShouldBeNull("late");
        (await Store.Store(new AgentUpstreams("worker-1", Guid.NewGuid(), 9, [Upstream("one", "b")]), default)).ShouldBeNull("another session");
        (await Store.Store(new AgentUpstreams("worker-9", _session, 9, [Upstream("one", "b")]), default)).ShouldBeNull("nobody");
        (await Models()).ShouldBe(["a"]);
        (await Say(3, Upstream("one", "b", "c"))).ShouldBe(true);
        (await Models()).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task A_new_session_has_told_nothing_until_it_does()
    {
        await Say(5, Upstream("one", "a"));
        var next = Guid.NewGuid();
        await Register("worker-1", next);
        (await Ready()).Upstreams.ShouldBeNull();
        (await Models()).ShouldBeEmpty();
        (await Store.Store(new AgentUpstreams("worker-1", next, 1, [Upstream("one", "b")]), default)).ShouldBe(true);
        (await Models()).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Dispatch_sees_upstreams_with_short_names_and_reads_them_again_when_they_change()
    {
        await Say(1, Upstream("one", "a:latest", "b:7b") with { Loaded = ["a:latest"] });
        var upstream = (await Ready()).Upstreams.ShouldNotBeNull().Single();
        upstream.Models.ShouldBe(["a", "b:7b"], ignoreOrder: true);
        upstream.Loaded.ShouldBe(["a"]);
        await Say(2, Upstream("one", "c") with { IsReachable = false });
        (await Ready()).Upstreams!.Single().IsReachable.ShouldBeFalse();
    }

    [Fact]
    public async Task An_upstream_that_is_away_keeps_its_models()
    {
        await Say(1, Upstream("one", "a"), Upstream("two", "b"));
        await Say(2, Upstream("one") with { IsReachable = false, Error = "gone" }, Upstream("two"));
        (await Models()).ShouldBe(["a"]);
        var next = Guid.NewGuid();
        await Register("worker-1", next);
        await Store.Store(new AgentUpstreams("worker-1", next, 1, [Upstream("one") with { IsReachable = false }]), default);
        (await Models()).ShouldBe(["a"], "also when the agent came anew meanwhile");
    }

    [Fact]
    public async Task What_is_too_much_or_no_name_is_left_out()
    {
        var many = Enumerable.Range(0, 3000).Select(i => new UpstreamModel($"m{i}")).ToList();
        UpstreamModel[] odd =
        [
            new("fine", DetailsJson: """{"family":"x"}""", Digest: new string('d', 500)),
            new("\0"), new(""), new(new string('x', 201)), new("listed", DetailsJson: "[1]"), new("broken", DetailsJson: "{"), null!,
        ];
        (await Say(
            1,
            Upstream("one") with { Models = odd, Protocol = "gopher", Generations = -4, Error = new string('e', 5000) },
            Upstream("two") with { Models = many },
            Upstream("No Name", "x"),
            null!,
            Upstream("three") with { Models = null!, Loaded = null! })).ShouldBe(true);

        var kept = await Store.Of("worker-1", default);
        kept.Select(upstream => upstream.Name).ShouldBe(["one", "two", "three"]);
        kept[0].Models.Select(model => model.Name).ShouldBe(["fine", "listed", "broken"]);
        (kept[0].Models[0].DetailsJson, kept[0].Models[1].DetailsJson, kept[0].Models[2].DetailsJson)
            .ShouldBe(("""{"family":"x"}""", null, null));
        (kept[0].Protocol, kept[0].Generations, kept[0].Error!.Length).ShouldBe((null, 0, 1000));
        kept[1].Models.Count.ShouldBe(2000);
    }

    [Fact]
    public async Task The_directory_names_each_model_once_and_knows_the_latest_by_its_short_name()
    {
        var other = Guid.NewGuid();
        await Register("worker-2", other);
        await Say(1, Upstream("one", "a:latest", "b:7b"));
        await Store.Store(
            new AgentUpstreams("worker-2", other, 1, [Upstream("one", "a:latest") with { Loaded = ["a:latest"] }]), default);
        var directory = _control.Get<IModelDirectory>();

        (await directory.List("default", default)).Select(model => (model.Name, model.Agents.Count, model.IsLoaded))
            .ShouldBe([("a:latest", 2, true), ("b:7b", 1, false)]);
        (await directory.Find("a", "default", default)).ShouldNotBeNull().Name.ShouldBe("a:latest");
        (await directory.Find("b:7b", "default", default)).ShouldNotBeNull().Agents.ShouldBe(["worker-1"]);
        await _house.Do("update agents set session_at = now() - interval '1 h' where name = 'worker-1'");
        (await directory.List("default", default)).ShouldHaveSingleItem().Agents.ShouldBe(["worker-2"]);
    }

    private static UpstreamReport Upstream(string name, params string[] models) => new(
        name, "ollama", true, 1, 4, [.. models.Select(model => new UpstreamModel(model))], []);

    private Task<bool?> Say(long number, params UpstreamReport[] upstreams) =>
        Store.Store(new AgentUpstreams("worker-1", _session, number, upstreams), default);

    private async Task<IEnumerable<string>> Models() =>
        (await Store.Of("worker-1", default)).SelectMany(upstream => upstream.Models.Select(model => model.Name));

    private async Task<ReadyAgent> Ready() => (await _control.Get<IAgentDirectory>().Ready(default)).Single();

    private Task Register(string agent, Guid session) => _control.Register(agent, new AgentRegistration(
        session, "1", "host", "linux", "x64", new Dictionary<string, int> { ["inference"] = 1 }, new Dictionary<string, string>()));
}
