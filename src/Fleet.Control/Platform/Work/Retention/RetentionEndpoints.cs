using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>How long finished work is kept, by kind and label, and how far its removal is.</summary>
internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/retention", Show).WithTags("Retention").RequireScope(Scope.JobsRead).OnlyForTheFleet()
            .Produces<RetentionView>();
        var rules = routes.MapGroup("/v1/retention-rules").WithTags("Retention").RequireScope(Scope.Admin);
        rules.MapPost("/", Create).AuditedAs("retention_rule.create")
            .Accepts<CreateRetentionRule>("application/json").Produces<RetentionRuleView>(201);
        rules.MapGet("/", List).Produces<PageOf<RetentionRuleView>>();
        rules.MapGet("/{ruleId}", ShowRule).Produces<RetentionRuleView>();
        rules.MapDelete("/{ruleId}", Delete).AuditedAs("retention_rule.delete").Produces(204);
    }

    private static async Task<IResult> Show(RetentionStore store, CancellationToken stop) =>
        Results.Json(await store.Progress(stop));

    /// <summary>With <c>?dry_run=true</c>, 200 with how much work would go at once, and nothing is stored.</summary>
    private static async Task<IResult> Create(
        HttpRequest request,
        [FromQuery(Name = "dry_run")] string? dryRun,
        Caller caller,
        RetentionStore store,
        WorkKinds kinds,
        IdempotentChange once,
        DatabaseClock clock,
        CancellationToken stop)
    {
        var isDry = FlagParameter.Read("dry_run", dryRun);
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<CreateRetentionRule>(body.Span);
        if (wanted.Check(caller, kinds, out var keep) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        var rule = new RetentionRule
        {
            Id = WireId.New(),
            Tenant = wanted.Tenant ?? (caller.MaySeeAll ? null : caller.Tenant),
            Kind = wanted.Kind,
            Labels = JsonSerializer.Serialize(wanted.Labels ?? []),
            LabelCount = wanted.Labels?.Count ?? 0,
            KeepSeconds = keep,
            CreatedAt = clock.Now,
        };
        if (isDry)
            return Results.Json(new RetentionForecast(await store.Count(rule, stop)));
        return await once.Run(request, caller, body.Memory, async db =>
        {
            await RetentionStore.Add(db, rule, stop);
            return Answer.Created($"/v1/retention-rules/{WireId.Format(rule.Id)}", RetentionRuleView.Of(rule));
        }, stop);
    }

    private static async Task<IResult> List(Caller caller, RetentionStore store, CancellationToken stop) => Results.Json(
        new PageOf<RetentionRuleView>([.. (await store.List(caller, stop)).Select(RetentionRuleView.Of)], null));

    private static async Task<IResult> ShowRule(string ruleId, Caller caller, RetentionStore store, CancellationToken stop) =>
        await Find(ruleId, caller, store, stop) is { } rule
            ? Results.Json(RetentionRuleView.Of(rule))
            : Problem.NotFound("retention rule");

    private static async Task<IResult> Delete(string ruleId, Caller caller, RetentionStore store, CancellationToken stop)
    {
        if (await Find(ruleId, caller, store, stop) is not { } rule)
            return Problem.NotFound("retention rule");
        if (rule.Tenant is null && !caller.MaySeeAll)
            return Problem.Forbidden("A rule for all tenants belongs to those who run the fleet.");
        await store.Remove(rule.Id, stop);
        return TypedResults.NoContent();
    }

    private static async Task<RetentionRule?> Find(string ruleId, Caller caller, RetentionStore store, CancellationToken stop) =>
        WireId.TryParse(ruleId, out var id) ? (await store.List(caller, stop)).Find(rule => rule.Id == id) : null;
}
