using System.Globalization;
using System.Text.Json.Serialization;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>What schedules of manifests will do, and did.</summary>
internal static class KanadeScheduleViews
{
    private const int MostFires = 50;
    private const int Hours = 24;

    public static void MapKanadeScheduleViews(this IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules/{scheduleId}/preview", Preview).SayingWhy(Scope.SchedulesRead).Produces<KanadePreview>();
        api.MapGet("/schedules/{scheduleId}/status", Status).SayingWhy(Scope.SchedulesRead).Produces<KanadeScheduleStatus>();
        api.MapGet("/schedules/{scheduleId}/coverage", Coverage).SayingWhy(Scope.SchedulesRead).Produces<KanadeCoverage>();
        api.MapGet("/schedules/coverage", AllCoverage).SayingWhy(Scope.SchedulesRead).Produces<Dictionary<string, KanadeCoverageCounts>>();
    }

    /// <summary>Times of strings end in an offset here, not in a Z.</summary>
    private static string Written(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    private static async Task<IResult> Preview(
        string scheduleId, HttpRequest request, Caller caller, RecurringStore store, DatabaseClock time, CancellationToken stop)
    {
        var count = Math.Clamp(KanadeQuery.Number(request, "count", 5), 1, MostFires);
        if (await Find(scheduleId, caller, store, stop) is not ({ } row, { } document))
            return KanadeSchedules.Unknown(scheduleId);
        var note = document.When switch
        {
            ReconcileWhen => "this schedule has no fixed times: it looks every minute which agents are due",
            EventWhen { Where: { } where } => $"this schedule has no fixed times: it fires on each host {where}",
            EventWhen => "this schedule follows events of its hosts that Fleet's agents do not tell of: it does not fire",
            _ => null,
        };
        return Results.Json(new KanadePreview(
            document.Id, document.When.Line, Zone(document), row.Enabled,
            [.. ScheduleTimes.After(document, time.Now).Take(count).Select(Written)], note));
    }

    private static async Task<IResult> Status(
        string scheduleId, Caller caller, RecurringStore store, AgentRecords records, DatabaseClock time, CancellationToken stop)
    {
        if (await Find(scheduleId, caller, store, stop) is not ({ } row, { } document))
            return KanadeSchedules.Unknown(scheduleId);
        var (last, ok, fail) = await records.Recent(caller.Tenant, document.JobId, time.Now.AddHours(-Hours), stop);
        var next = row.Enabled ? ScheduleTimes.After(document, time.Now).Select(Written).FirstOrDefault() : null;
        return Results.Json(new KanadeScheduleStatus(
            document.Id, document.When.Line, Zone(document), row.Enabled, next, last, new KanadeRecent(Hours, ok, fail)));
    }

    private static async Task<IResult> Coverage(
        string scheduleId, Caller caller, RecurringStore store, AgentChoice choice, AgentRecords records, CancellationToken stop)
    {
        if (await Find(scheduleId, caller, store, stop) is not ({ }, { } document))
            return KanadeSchedules.Unknown(scheduleId);
        var agents = await Of(document, caller, choice, records, stop);
        var counts = KanadeCoverageCounts.Of(agents);
        return Results.Json(new KanadeCoverage(
            document.Id, document.When.Line, document.JobId, document.RunsOn, counts.Total, counts.Ok, counts.Fail, counts.Running,
            counts.Pending, agents));
    }

    private static async Task<IResult> AllCoverage(
        Caller caller, RecurringStore store, AgentChoice choice, AgentRecords records, CancellationToken stop)
    {
        var all = new Dictionary<string, KanadeCoverageCounts>();
        foreach (var schedule in await store.List(caller.Tenant, stop))
        {
            if (RecurringStore.Read(schedule) is { } document)
                all[schedule.Name] = KanadeCoverageCounts.Of(await Of(document, caller, choice, records, stop));
        }

        return Results.Json(all);
    }

    /// <summary>Of every agent that it is for, those that are off included.</summary>
    private static async Task<List<AgentCoverage>> Of(
        ScheduleDocument document, Caller caller, AgentChoice choice, AgentRecords records, CancellationToken stop)
    {
        var fanout = KanadeExecutionEndpoints.Fanout(document.Fanout);
        string[] groups = [.. (fanout.Waves ?? []).Select(wave => wave.Group!)];
        var chosen = await choice.Choose(fanout.Target, groups, caller.Tenant, skipsOffline: false, stop);
        return await records.Coverage(caller.Tenant, document.JobId, [.. chosen.Agents.Select(agent => agent.Name)], stop);
    }

    private static async Task<(RecurringSchedule? Row, ScheduleDocument? Document)> Find(
        string id, Caller caller, RecurringStore store, CancellationToken stop) =>
        await store.Find(caller.Tenant, id, stop) is { } row ? (row, RecurringStore.Read(row)) : (null, null);

    private static string Zone(ScheduleDocument document) => document.IsUtc ? "utc" : "local";
}

internal sealed record KanadePreview(
    string Id, string When, string Tz, bool Enabled, IReadOnlyList<string> Fires,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note);

internal sealed record KanadeScheduleStatus(
    string Id, string When, string Tz, bool Enabled, string? NextRun, LastRun? LastRun, KanadeRecent Recent);

internal sealed record KanadeRecent(int WindowHours, long Ok, long Fail);

internal sealed record KanadeCoverage(
    string Id, string When, string JobId, string RunsOn, int Total, int Ok, int Fail, int Running, int Pending,
    IReadOnlyList<AgentCoverage> Agents);

internal sealed record KanadeCoverageCounts(int Total, int Ok, int Fail, int Running, int Pending)
{
    public static KanadeCoverageCounts Of(IReadOnlyList<AgentCoverage> agents) => new(
        agents.Count, Count(agents, "ok"), Count(agents, "fail"), Count(agents, "running"), Count(agents, "pending"));

    private static int Count(IReadOnlyList<AgentCoverage> agents, string state) => agents.Count(agent => agent.State == state);
}
