using Fleet.Client;
using Fleet.Client.Events;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Library;

/// <summary><c>GET /v1/events</c>: to each what he may see.</summary>
public sealed class EventsTests(LibraryFleet fleet) : IClassFixture<LibraryFleet>
{
    [Fact]
    public async Task The_library_follows_what_changes_and_goes_on_behind_what_it_knows()
    {
        using var client = Client(fleet.Http);
        await using var events = client.Events.Follow().GetAsyncEnumerator();
        (await Next(events)).ShouldBeOfType<FleetEvent.Ready>();
        var job = await fleet.Submit(new { kind = "noop", target = new { agent = "nobody" } });
        var queued = await Of(events, job);
        queued.Change.ShouldSatisfyAllConditions(
            change => change.Family.ShouldBe("job"), change => change.Kind.ShouldBe("noop"), change => change.Type.ShouldBe("state"),
            change => change.State.ShouldBe("queued"), change => change.Seq.ShouldBe(1));
        (await fleet.Http.PostAsync($"/v1/jobs/{job}/cancellation", null)).EnsureSuccessStatusCode();
        await using var again = client.Events.Follow(after: queued.Id).GetAsyncEnumerator();
        foreach (var watcher in (IAsyncEnumerator<FleetEvent>[])[events, again])
            (await Of(watcher, job)).Change.State.ShouldBe("cancelled");
    }

    [Fact]
    public async Task Kinds_choose_and_scopes_and_owners_bound_what_is_told()
    {
        using var reader = await fleet.WithScopes("jobs:read");
        using var talker = await fleet.WithScopes("chat:read", "chat:create");
        using var admin = Client(fleet.Http);
        using var narrow = Client(reader);
        await using var jobs = narrow.Events.Follow("job").GetAsyncEnumerator();
        await using var turns = admin.Events.Follow("turn,job").GetAsyncEnumerator();
        await Next(jobs);
        await Next(turns);

        var conversation = await fleet.Conversation(new { model = "none" }, talker);
        await fleet.Ask(conversation, new { text = "hello" }, talker); // its key's alone
        var job = await fleet.Submit(new { kind = "noop", target = new { agent = "nobody" } });
        (await Changed(jobs)).Change.Id.ShouldBe(job);
        (await Changed(turns)).Change.Id.ShouldBe(job);

        using var refused = await reader.GetAsync("/v1/events?kind=agent");
        (await refused.Problem(403, "forbidden")).GetProperty("detail").GetString().ShouldBe("The key lacks the scope agents:read.");
    }

    [Fact]
    public async Task Agents_are_told_of_too()
    {
        using var client = Client(fleet.Http);
        await using var events = client.Events.Follow("agent").GetAsyncEnumerator();
        await Next(events);
        await using var agent = await fleet.Agent();
        var come = await Changed(events);
        come.Change.Type.ShouldBe("registered");
        come.Change.Data!.Value.GetProperty("name").GetString().ShouldBe(agent.Name);
    }

    [Theory]
    [InlineData("/v1/events?kind=nothing", "kind")]
    [InlineData("/v1/events?after=x", "after")]
    [InlineData("/v1/events?after=-1", "after")]
    [InlineData("/v1/events?after=99999999999999999999999-1", "after")]
    public async Task What_is_asked_wrongly_is_refused_by_its_name(string path, string field)
    {
        using var answer = await fleet.Http.GetAsync(path);
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_place_that_never_was_is_a_reset()
    {
        using var client = Client(fleet.Http);
        await using var events = client.Events.Follow(after: "18446744073709551615-7").GetAsyncEnumerator();
        (await Next(events)).ShouldBeOfType<FleetEvent.Reset>().Id.ShouldNotBeEmpty();
    }

    private static FleetClient Client(HttpClient http) => new(new FleetClientOptions
    {
        Url = http.BaseAddress!,
        Key = http.DefaultRequestHeaders.Authorization!.Parameter,
    });

    private static async Task<FleetEvent> Next(IAsyncEnumerator<FleetEvent> events)
    {
        (await events.MoveNextAsync().AsTask().Within()).ShouldBeTrue();
        return events.Current;
    }

    private static async Task<FleetEvent.Changed> Changed(IAsyncEnumerator<FleetEvent> events) =>
        (await Next(events)).ShouldBeOfType<FleetEvent.Changed>();

    private static async Task<FleetEvent.Changed> Of(IAsyncEnumerator<FleetEvent> events, string job)
    {
        while (true)
        {
            if (await Next(events) is FleetEvent.Changed { Change: var change } changed && change.Id == job)
                return changed;
        }
    }
}
