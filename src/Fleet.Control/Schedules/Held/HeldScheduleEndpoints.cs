using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules.Held;

/// <summary>What an agent is to hold, and what it says it holds.</summary>
internal static class HeldScheduleEndpoints
{
    public static void MapHeldSchedules(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/agents/{name}/schedules", Show).WithTags("Schedules").RequireScope(Scope.SchedulesRead)
            .Produces<HeldSchedulesView>();

    private static async Task<IResult> Show(
        string name, Caller caller, IAgentDirectory agents, HeldScheduleStore store, CancellationToken stop)
    {
        if ((await agents.Standing(stop)).All(agent => agent.Name != name))
            return Problem.NotFound("agent");
        var rows = await store.Rows(name, stop);
        var wanted = HeldScheduleStore.Wanted(rows).Version;
        var confirmed = await store.Confirmed(name, stop);
        return Results.Json(new HeldSchedulesView(
            name,
            wanted,
            confirmed?.Version,
            confirmed?.At,
            rows.Count > 0 && confirmed?.Version != wanted || rows.Count == 0 && confirmed is { Version: not 0 },
            [.. rows.Where(row => caller.MaySee(row.Tenant)).Select(row => WireId.Format(row.CorrelationId))]));
    }
}

/// <summary>How the schedules of an agent stand.</summary>
/// <param name="WantedVersion">Of what it is to hold; 0 for nothing.</param>
/// <param name="AppliedVersion">Of what it says it holds; null if it never said.</param>
/// <param name="Drift">Whether these differ.</param>
/// <param name="ScheduleIds">Those it is to hold, as far as the caller may see them.</param>
internal sealed record HeldSchedulesView(
    string Agent,
    long WantedVersion,
    long? AppliedVersion,
    DateTimeOffset? AppliedAt,
    bool Drift,
    IReadOnlyList<string> ScheduleIds);
