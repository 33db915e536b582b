using System.Text.Json.Nodes;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Holds what schedules of manifests would start. What is asked for by hand goes on.</summary>
internal static class KanadeFreeze
{
    private const int MostReason = 1000;

    public static void MapKanadeFreeze(this IEndpointRouteBuilder api)
    {
        api.MapGet("/freeze", Show).SayingWhy(Scope.SchedulesRead);
        api.MapPut("/freeze", Put).AuditedAs("kanade.freeze_set").SayingWhy(Scope.SchedulesUpdate)
            .Accepts<KanadeFreezeRequest>("application/json", KnownJson.AnyType);
        api.MapDelete("/freeze", Clear).AuditedAs("kanade.freeze_clear").SayingWhy(Scope.SchedulesUpdate).Produces(204);
    }

    private static async Task<IResult> Show(Caller caller, RecurringStore store, CancellationToken stop) =>
        Results.Text((await store.Freeze(caller.Tenant, stop))?.Body ?? "null", "application/json");

    private static async Task<IResult> Put(HttpRequest request, Caller caller, RecurringStore store, CancellationToken stop)
    {
        var wanted = await KnownJson.Read<KanadeFreezeRequest>(request);
        if (!ScheduleReader.Zones.Contains(wanted.Tz))
            throw Wrong($"tz: unknown variant `{wanted.Tz}`, expected local or utc");
        var zone = wanted.Tz == "utc" ? TimeZoneInfo.Utc : TimeZoneInfo.Local;
        var (from, until) = (Moment("from", wanted.From, zone), Moment("until", wanted.Until, zone));
        if (until <= from)
            throw Wrong("until must be after from");
        if (wanted.Reason?.Length > MostReason)
            throw Wrong($"reason has more than {MostReason} characters");
        var body = new JsonObject();
        var given = new (string, string?)[]
        {
            ("from", wanted.From), ("until", wanted.Until), ("reason", wanted.Reason), ("tz", wanted.Tz),
        };
        foreach (var (name, text) in given)
        {
            if (text is not null)
                body[name] = text;
        }

        var kept = body.ToJsonString(FleetJson.Options);
        await store.SetFreeze(new ScheduleFreeze { Tenant = caller.Tenant, Body = kept, From = from, Until = until }, stop);
        return Results.Text(kept, "application/json");
    }

    private static async Task<IResult> Clear(Caller caller, RecurringStore store, CancellationToken stop)
    {
        await store.Thaw(caller.Tenant, stop);
        return Results.NoContent();
    }

    private static DateTimeOffset? Moment(string field, string? text, TimeZoneInfo zone) => text is null ? null
        : ScheduleReader.TryReadMoment(text, zone, out var at) ? at
        : throw Wrong($"{field}: `{text}` is neither a date nor a time of RFC 3339");

    private static ProblemException Wrong(string why) => KanadeQuery.Wrong($"invalid freeze: {why}");
}

internal sealed class KanadeFreezeRequest
{
    public string? From { get; init; }

    public string? Until { get; init; }

    public string? Reason { get; init; }

    public string Tz { get; init; } = "local";
}
