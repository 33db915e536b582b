using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>Two edges before two Controls, and one agent: what one replaces piece by piece without anybody noticing.</summary>
[CollectionDefinition(Name)]
public sealed class TwoDoors() : FleetUnderTest(controls: 2, workers: 1, Told), ICollectionFixture<TwoDoors>
{
    public const string Name = "two doors";

    private static readonly Dictionary<string, string> Told = new()
    {
        ["FLEET_EDGES"] = "2",
        ["Edge__ProbeSeconds"] = "0.5",
        ["Stop__SettleSeconds"] = "2", // on a busy machine what was on its way may be long
    };
}
