using System.Text.Json;
using Fleet.Control.Manifests.RunResults;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Patterns;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>
/// Who did what, as this wire shows it: of the tenant, what was not refused. As everything that is read here it takes the role
/// viewer, the whole of it: a key that may read jobs alone learns nothing of what others do.
/// </summary>
internal static class KanadeAudit
{
    private const int Part = 500;
    private const int MostLookedAt = 20_000;

    public static void MapKanadeAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", List).SayingWhy(ScopeNames.Viewer).Produces<IReadOnlyList<KanadeAuditRow>>();

    private static async Task<IResult> List(
        HttpRequest request, Caller caller, IDbContextFactory<FleetDbContext> contexts, CancellationToken stop)
    {
        var limit = KanadeQuery.Number(request, "limit", 50);
        var (actor, since) = (KanadeQuery.Text(request, "actor"), KanadeResults.SinceOf(request));
        var action = Read(request, "action");
        var target = Read(request, "target");
        var payload = Read(request, "payload");
        var rows = new List<KanadeAuditRow>();
        Guid? before = null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        for (var seen = 0; rows.Count < limit && seen < MostLookedAt; seen += Part)
        {
            var found = db.Set<AuditRow>().AsNoTracking().Where(row => row.Status < 400 && (before == null || row.Id < before));
            if (!caller.MaySeeAll)
                found = found.Where(row => row.Tenant == caller.Tenant);
            if (actor is not null)
                found = found.Where(row => row.Who == actor);
            if (since is { } from)
                found = found.Where(row => row.At >= from);
            var part = await found.OrderByDescending(row => row.Id).Take(Part).ToListAsync(stop);
            rows.AddRange(part.Select(KanadeAuditRow.Of).Where(row =>
                action?.IsMatch(row.Action) != false && target?.IsMatch(row.Target ?? "") != false
                && payload?.IsMatch(JsonSerializer.Serialize(row.Payload, FleetJson.Options)) != false));
            if (part.Count < Part)
                break;
            before = part[^1].Id;
        }

        return Results.Json(rows.Take(limit));
    }

    private static Pattern? Read(HttpRequest request, string name) => ResultQuery.Read(name, KanadeQuery.Text(request, name));
}

/// <param name="Id">Later ones are larger.</param>
internal sealed record KanadeAuditRow(
    long Id, string Actor, string Action, string? Target, Dictionary<string, object?>? Payload, DateTimeOffset OccurredAt)
{
    /// <summary>How the actions of this wire's own routes begin; it knows them without that.</summary>
    private const string Own = "kanade.";

    public static KanadeAuditRow Of(AuditRow row) => new(
        NumberOf(Convert.ToUInt64(row.Id.ToString("N")[..16], 16)),
        row.Who,
        row.Action.StartsWith(Own, StringComparison.Ordinal) ? row.Action[Own.Length..] : row.Action,
        row.Objects.Length == 0 ? null : string.Join(' ', row.Objects),
        new Dictionary<string, object?> { ["method"] = row.Method, ["path"] = row.Path, ["status"] = row.Status, ["from"] = row.Address },
        row.At);

    /// <summary>
    /// The milliseconds of an id of version 7 and the twelve bits behind its version (RFC 9562, 5.7), which order as ids do: until 2039
    /// no more than a number of a browser holds.
    /// </summary>
    private static long NumberOf(ulong head) => (long)((head >> 16 << 12) | (head & 0xFFF));
}
