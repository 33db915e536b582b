using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Audit;

/// <summary>The audit for admins: page by page, or all of it as lines.</summary>
internal static class AuditEndpoints
{
    private const int LinesAtOnce = 500;

    public static void MapAuditReading(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/v1/audit").WithTags("Audit").RequireScope(Scope.Admin);
        audit.MapGet("/", List).Takes(AuditQuery.Known).Produces<PageOf<AuditView>>();
        audit.MapGet("/export", Export).Takes(AuditQuery.Known).EndWithKey();
    }

    /// <summary>Newest first. A page that had to look at many rows holds fewer, and its cursor goes on.</summary>
    private static async Task<IResult> List(
        HttpRequest request, Page page, Caller caller, AuditQueries queries, CancellationToken stop)
    {
        var part = await queries.Read(
            AuditQuery.Of(request.Query, caller), page.AfterId, newestFirst: true, page.Limit, stop);
        return Results.Json(
            new PageOf<AuditView>([.. part.Rows.Select(AuditView.Of)], part.Next is { } next ? page.CursorOf(next) : null));
    }

    /// <summary>
    /// One JSON object a line, oldest first. <c>?cursor=</c> is the <c>audit_id</c> of the last line that was read.
    /// </summary>
    private static async Task<IResult> Export(
        HttpContext context, Caller caller, AuditQueries queries, CancellationToken stop)
    {
        var query = AuditQuery.Of(context.Request.Query, caller);
        var after = ReadCursor(context.Request);
        var response = context.Response;
        response.ContentType = "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        do
        {
            var part = await queries.Read(query, after, newestFirst: false, LinesAtOnce, stop);
            foreach (var row in part.Rows)
            {
                await response.Body.WriteAsync(
                    (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(AuditView.Of(row), FleetJson.Options), (byte)'\n'], stop);
            }

            await response.Body.FlushAsync(stop);
            after = part.Next;
        }
        while (after is not null);
        return Results.Empty;
    }

    private static Guid? ReadCursor(HttpRequest request) =>
        request.Query["cursor"] is not [{ } text] ? null
        : WireId.TryParse(text, out var id) ? id
        : throw new ProblemException(Problem.Invalid("cursor", "This must be the audit_id of a line that was read before."));
}
