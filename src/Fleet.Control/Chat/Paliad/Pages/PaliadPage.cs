namespace Fleet.Control.Chat.Paliad.Pages;

/// <summary>A file of the pages as it is in the program. It loads nothing from elsewhere, and runs no script but ours.</summary>
internal sealed record PaliadPage(int Status, string Type, byte[] Content) : IResult
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    public static PaliadPage Of(string name, int status = StatusCodes.Status200OK)
    {
        using var file = typeof(PaliadPage).Assembly.GetManifestResourceStream($"paliad/{name}")
            ?? throw new InvalidOperationException($"The program has no page {name}.");
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return new PaliadPage(status, TypeOf(name), content);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = Type;
        response.ContentLength = Content.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(Content, httpContext.RequestAborted).AsTask();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
}
