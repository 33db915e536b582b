using System.Text;
using Fleet.Control.Platform.Audit;

namespace Fleet.Control.Chat.Paliad;

/// <summary>A no as Go's net/http writes it: one line of plain text.</summary>
internal sealed record PaliadText(int Status, string Text) : IResult
{
    public static PaliadText NoPage { get; } = new(404, "404 page not found");

    public static PaliadText InvalidId { get; } = new(400, "invalid turn_id");

    public static PaliadText NotFound { get; } = new(404, "not found");

    public static PaliadText NoStream { get; } = new(404, "unknown turn_id (already finished, or never started)");

    public static PaliadText LookupFailed { get; } = new(500, "lookup failed");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        AuditNote.Of(httpContext)?.Code = Text.Replace(' ', '_');
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        var line = Encoding.UTF8.GetBytes(Text + "\n");
        response.ContentLength = line.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(line, httpContext.RequestAborted).AsTask();
    }
}
