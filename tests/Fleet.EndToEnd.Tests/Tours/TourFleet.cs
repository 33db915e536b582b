using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Tours;

/// <summary>A fleet as <c>up.sh</c> starts it for somebody who looks around: with the echo model.</summary>
[CollectionDefinition(Name)]
public sealed class TourFleet() : FleetUnderTest(controls: 1, workers: 1, Told), ICollectionFixture<TourFleet>
{
    public const string Name = "tour";

    private static readonly Dictionary<string, string> Told = new() { ["FLEET_ECHO_MODEL"] = "1" };
}
