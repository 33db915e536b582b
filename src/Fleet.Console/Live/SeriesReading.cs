using System.Net;
using Fleet.Client;
using Fleet.Client.Experiments;

namespace Fleet.Console.Live;

/// <summary>Reads series of metrics for pages that show many: one that cannot be read hides none of the others.</summary>
internal static class SeriesReading
{
    /// <returns>Null where the fleet does not give it by this name.</returns>
    public static async Task<SeriesPoints?> Find(FleetClient fleet, string run, string name, int points, CancellationToken stop)
    {
        try
        {
            return await fleet.Experiments.Points(run, name, points, stop);
        }
        catch (FleetException no) when (no.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null;
        }
    }
}
