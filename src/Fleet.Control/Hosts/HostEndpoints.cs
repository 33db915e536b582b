using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Hosts;

/// <summary>Jobs and snapshots of hosts, and the live view of one job.</summary>
internal static class HostEndpoints
{
    private const string Backup = "backup";

    public static void MapHostApi(this IEndpointRouteBuilder routes)
    {
        var hosts = routes.MapGroup("/api/hosts/{host}").WithTags("Hosts").WithMetadata(ProblemShape.Coded);
        hosts.MapPost("/jobs", Submit).AuditedAs("backup.submit").RequireScope(Scope.BackupsManage)
            .Accepts<HostJobRequest>("application/json").Produces<HostJobView>(202);
        hosts.MapGet("/snapshots", Snapshots).RequireScope(Scope.BackupsRead).Produces<HostSnapshotsView>();
        routes.MapGet("/api/jobs/{job}/stream", Watch).RequireScope(Scope.BackupsRead).EndWithKey()
            .WithMetadata(ProblemShape.Coded).ExcludeFromDescription();
    }

    private static async Task<IResult> Submit(
        string host, HttpRequest request, Caller caller, Submissions submissions, WorkOperations operations, IAgentDirectory agents,
        IAgentRepositories repositories, DatabaseClock clock, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<HostJobRequest>(body.Span);
        if ((await agents.Standing(stop)).All(agent => agent.Name != host || agent.IsRevoked))
            return Problem.NotFound("host");
        if (submissions.Find(Backup) is not { } backups)
            return Problem.NotFound("host");
        var known = await repositories.Of(host, stop);
        var asked = new SubmissionRequest(wanted.ToBackup(host, known), caller.Tenant, caller.KeyId, caller.Name);
        if (backups.Check(asked.Body, caller.Tenant, clock.Now) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        var built = (await backups.Build([asked], clock.Now, stop))[0];
        if (built.Work is not { } work)
            return Problem.Invalid("args", built.Sentence!);
        return await operations.Submit(
            Request.Of(request, caller, body.Memory),
            [work],
            rows => new Answer(202, Answer.Write(new HostJobView(rows[0].CorrelationId, rows[0].Kind, "queued"))),
            stop);
    }

    private static async Task<IResult> Snapshots(
        string host, IAgentDirectory agents, IAgentRepositories repositories, CancellationToken stop)
    {
        if ((await agents.Standing(stop)).All(agent => agent.Name != host))
            return Problem.NotFound("host");
        var found = await repositories.Snapshots(host, stop);
        return Results.Json(new HostSnapshotsView([.. found.Snapshots.Select(HostSnapshotView.Of)], found.RefreshedAt));
    }

    private static async Task<IResult> Watch(
        string job, HttpContext context, Caller caller, WorkStore store, HostStream stream, CancellationToken stop)
    {
        if (!WireId.TryParse(job, out var id)
            || await store.Find(id, stop) is not { } work
            || work.Family != Backup
            || !caller.MaySee(work.Tenant, work.Owner))
        {
            return Problem.NotFound("job");
        }

        if (!context.WebSockets.IsWebSocketRequest)
            return new ProblemResult(426, "upgrade_required", "This is a WebSocket; ask for the upgrade.");
        await stream.Write(work, context);
        return Results.Empty;
    }
}
