using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Backups;

/// <summary>How backups and restores are submitted over HTTP; everything else about them is as with all work.</summary>
internal static class BackupEndpoints
{
    public static void MapBackupSubmission(this IEndpointRouteBuilder backups) =>
        backups.MapPost("/", Submit).AuditedAs("backup.submit").RequireScope(Scope.BackupsManage)
            .Accepts<BackupRequest>("application/json").Produces<BackupView>(202);

    private static async Task<IResult> Submit(
        HttpRequest request, [FromServices] BackupFamily family, Caller caller, IdempotentWork once, WorkOperations operations,
        BackupRequests reader, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var by = Request.Of(request, caller, body.Memory);
        return await once.Known(by, stop)
            ?? await Accept(by, JsonBody.Parse<BackupRequest>(body.Span), family, operations, reader, stop);
    }

    public static async Task<IResult> Restore(
        HttpRequest request, [FromServices] BackupFamily family, Caller caller, IdempotentWork once, WorkOperations operations,
        BackupRequests reader, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var by = Request.Of(request, caller, body.Memory);
        return await once.Known(by, stop)
            ?? await Accept(by, JsonBody.Parse<RestoreRequest>(body.Span).ToBackup(), family, operations, reader, stop);
    }

    private static async Task<Answer> Accept(
        Request by, BackupRequest wanted, BackupFamily family, WorkOperations operations, BackupRequests reader, CancellationToken stop)
    {
        var work = await reader.Read(wanted, by.Caller.Tenant, stop);
        return await operations.Submit(by, [work], rows => family.Accepted(rows, isList: false), stop);
    }
}
