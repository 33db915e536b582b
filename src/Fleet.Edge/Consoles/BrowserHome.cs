using Microsoft.Extensions.Options;

namespace Fleet.Edge.Consoles;

/// <summary>Browsers that ask for the first page are shown the console; programs get what they got before.</summary>
internal sealed class BrowserHome(RequestDelegate next, IOptions<EdgeSettings> settings)
{
    private readonly bool _hasConsole = settings.Value.Consoles.Length > 0;

    public Task InvokeAsync(HttpContext http)
    {
        if (!_hasConsole || http.Request.Path != "/" || !HttpMethods.IsGet(http.Request.Method)
            || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            return next(http);
        http.Response.Headers.Vary = "Accept";
        http.Response.Redirect($"{ConsoleRoutes.Path}/");
        return Task.CompletedTask;
    }
}
