using System.Globalization;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>What the body of a submission may name of its occurrence: <c>{{scheduled_at}}</c>.</summary>
internal static class OccurrenceValues
{
    public static IReadOnlyDictionary<string, string> Of(Guid schedule, string name, DateTimeOffset due) =>
        new Dictionary<string, string>
        {
            ["scheduled_at"] = due.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
            ["scheduled_date"] = due.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["schedule_id"] = WireId.Format(schedule),
            ["schedule_name"] = name,
        };
}
