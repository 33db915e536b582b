using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fleet.Hosting;

/// <summary>Answers HEAD wherever GET is answered (RFC 9110, 9.3.2); the server leaves the body out.</summary>
public static class HeadRequests
{
    private static readonly object Mark = new();

    /// <summary>Routing, for which HEAD is GET; what comes after it sees HEAD again.</summary>
    public static void UseRoutingOfHead(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (HttpMethods.IsHead(http.Request.Method))
            {
                http.Request.Method = HttpMethods.Get;
                http.Items[Mark] = Mark;
            }

            return next(http);
        });
        app.UseRouting();
        app.Use((http, next) =>
        {
            if (http.Items.Remove(Mark))
                http.Request.Method = HttpMethods.Head;
            return next(http);
        });
    }
}
