using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Audit;

/// <summary>
/// Every request that is meant to change something leaves a row, whatever becomes of it; but for routes of which refusals alone do.
/// </summary>
internal sealed class AuditMiddleware(RequestDelegate next, AuditTrail trail, CallerAddress callers)
{
    public async Task Invoke(HttpContext context)
    {
        if (IsRead(context.Request.Method))
        {
            await next(context);
            return;
        }

        var note = new AuditNote(context, callers.Nearest(context)?.ToString() ?? AuditRow.Unknown);
        context.Features.Set(note);
        context.Response.OnStarting(() => Settle(context, note));
        try
        {
            await next(context);
        }
        finally
        {
            await Settle(context, note); // an answer that nobody waits for never starts
        }
    }

    private async Task Settle(HttpContext context, AuditNote note)
    {
        if (note.IsWritten || LeavesNone(context))
            return;
        note.Committed(); // whatever happens, it is tried once
        await trail.Record(context, note);
    }

    private static bool LeavesNone(HttpContext context) =>
        context.Response.StatusCode < StatusCodes.Status400BadRequest
        && context.GetEndpoint()?.Metadata.GetMetadata<RefusalsAlone>() is not null;

    private static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
