using System.Text;
using Fleet.Control.Platform.Audit;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>An answer that can be stored and given again, to the letter.</summary>
internal sealed record Answer(int Status, string Json, string? Location = null, bool IsReplay = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        if (Location is not null)
            response.Headers.Location = Location;
        if (IsReplay)
        {
            response.Headers["Idempotency-Replayed"] = "true";
            AuditNote.Of(httpContext)?.Code = "replayed";
        }

        var body = Encoding.UTF8.GetBytes(Json);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
