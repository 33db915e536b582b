using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Queues;

/// <summary>What lies in the broker's queues, and what can happen to work, for whoever looks.</summary>
public sealed class QueueTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task The_queues_of_the_broker_are_listed_with_what_lies_in_them()
    {
        await Eventually.True(async () => (await Names()).Contains("fleet-jobs"), "Control's queues are there");
        var page = await fleet.Get("/v1/queues?limit=1");
        page.GetProperty("items").GetArrayLength().ShouldBe(1);
        page.GetProperty("next").GetString().ShouldNotBeNull();
        var jobs = (await fleet.Get("/v1/queues?limit=200")).GetProperty("items").EnumerateArray()
            .First(queue => queue.GetProperty("name").GetString() == "fleet-jobs");
        (jobs.GetProperty("type").GetString(), jobs.GetProperty("ready").GetInt64()).ShouldBe(("quorum", 0));
        using var other = await fleet.WithScopes("jobs:read");
        using var refused = await other.GetAsync("/v1/queues");
        await refused.Problem(403, "forbidden");
    }

    [Fact]
    public async Task A_lifecycle_says_what_leads_from_which_state_to_which()
    {
        var job = (await fleet.Get("/v1/lifecycles")).GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("family").GetString() == "job");
        job.GetProperty("states").EnumerateArray().Where(state => state.GetProperty("is_end").GetBoolean())
            .Select(state => state.GetProperty("name").GetString()).ShouldBe(["succeeded", "failed", "cancelled", "expired"], ignoreOrder: true);
        var steps = job.GetProperty("steps").EnumerateArray()
            .Select(step => $"{step.GetProperty("from").GetString()} {step.GetProperty("event").GetString()} {step.GetProperty("to").GetString()}").ToList();
        foreach (var step in (string[])
        [
            " SubmitWork queued", "queued AssignWork assigned", "assigned AttemptStarted running", "running AttemptFinished succeeded",
            "running AttemptFinished failed", "running AttemptFinished queued", "running CancelWork cancelling",
            "cancelling AttemptFinished cancelled", "queued WorkExpired expired",
        ])
            steps.ShouldContain(step);
        steps.ShouldNotContain("queued AttemptFinished succeeded");
    }

    private async Task<List<string?>> Names() => [.. (await fleet.Get("/v1/queues?limit=200")).GetProperty("items").EnumerateArray()
        .Select(queue => queue.GetProperty("name").GetString())];
}
