using Fleet.Client.Upkeep;
using Fleet.Console.Parts.Charts;

namespace Fleet.Console.Tests.Parts;

/// <summary>Where the states of a lifecycle stand.</summary>
public sealed class LifecycleShapeTests
{
    private static readonly Lifecycle Job = new(
        "job",
        [new("queued", false), new("running", false), new("failed", true), new("succeeded", true), new("island", false)],
        [new(null, "Submit", "queued"), new("queued", "Start", "running"), new("running", "End", "succeeded"), new("running", "End", "failed"),
            new("queued", "Expire", "failed"), new("running", "Lost", "queued"), new("running", "Again", "queued")]);

    [Fact]
    public void States_stand_from_left_to_right_and_ends_together_at_the_right()
    {
        var places = new LifecycleShape(Job).Places.ToDictionary(place => place.State);
        places["queued"].X.ShouldBeLessThan(places["running"].X);
        places["running"].X.ShouldBeLessThan(places["failed"].X);
        places["failed"].X.ShouldBe(places["succeeded"].X);
        places.Values.Select(place => (place.X, place.Y)).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void What_leads_from_one_to_another_is_one_way_with_all_that_leads_along_it()
    {
        var ways = new LifecycleShape(Job).Ways;
        ways.Count.ShouldBe(5);
        ways.Single(way => way is { From: "running", To: "queued" }).Events.ShouldBe(["Lost", "Again"]);
    }

    [Fact]
    public void A_lifecycle_without_states_has_a_picture_too() => new LifecycleShape(new Lifecycle("none", [], [])).Places.ShouldBeEmpty();
}
