using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Edge.Limits;

/// <summary>
/// Refuses a body that says it is too large before any of it is passed on. One that does not say is cut by the
/// server while it is read, at the same size.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var most = http.GetReverseProxyFeature().Route.Config.MaxRequestBodySize ?? long.MaxValue;
        return http.Request.ContentLength > most ? Refuse(http, most) : next(http);
    }

    private static Task Refuse(HttpContext http, long most)
    {
        // The server reads on for a few seconds and throws away what comes, so that a client that sends first and
        // reads later sees the answer and not a broken connection.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = null;
        return Problem.TooLarge(http, most);
    }
}
