using System.Globalization;

namespace Fleet.Client.Http;

/// <summary>Ids of the events of one piece of work: the numbers of its journal.</summary>
internal static class EventNumber
{
    /// <returns>0 for what is no number.</returns>
    public static long Of(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : 0;

    /// <returns>Null from the beginning.</returns>
    public static string? Id(long after) => after > 0 ? after.ToString(CultureInfo.InvariantCulture) : null;
}
