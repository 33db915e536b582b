namespace Fleet.Hosting;

/// <summary>What operators see in the broker's UI.</summary>
internal sealed record BusName(string Consuming)
{
    public string Publishing => Consuming + " publish";
}
