using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>An answer that can be stored and given again, to the letter.</summary>
internal sealed record Answer(int Status, string Json, string? Location = null, bool IsReplay = false) : IResult
{
    /// <summary>What a repetition is answered: the same, without what is shown once.</summary>
    public string Kept { get; init; } = Json;

    /// <param name="kept">The view without its secret; null where there is none.</param>
    public static Answer Created<T>(string location, T view, T? kept = default) where T : class =>
        new(StatusCodes.Status201Created, Write(view), location) { Kept = Write(kept ?? view) };

    public static string Write<T>(T view) => JsonSerializer.Serialize(view, FleetJson.Options);

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
