using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;

namespace Fleet.Control.Chat.Paliad.Pages;

/// <summary>
/// The pages <c>/paliadin</c> and <c>/admin/paliadin</c>, which use that wire alone, and how a browser comes by its owner's
/// key: it is in a cookie that no script reads and that goes along with requests of these pages only.
/// </summary>
internal static class PaliadPages
{
    private const string SignInPath = "/sign-in";
    private const string FormType = "application/x-www-form-urlencoded";

    public static void MapPaliadPages(this IEndpointRouteBuilder hidden)
    {
        hidden.MapGet("/paliadin", () => PaliadPage.Of("chat.html"));
        hidden.MapGet("/admin/paliadin", () => PaliadPage.Of("admin.html"));
        foreach (var name in (string[])["chat.js", "admin.js", "style.css"])
            hidden.MapGet($"/paliadin/{name}", () => PaliadPage.Of(name));
        hidden.MapPost("/paliadin/sign-out", SignOut).AuditedAs("session.end");
    }

    /// <summary>Open to anyone; it says nothing of what a key opens.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup(SignInPath).AllowAnonymous().ExcludeFromDescription();
        open.MapGet("/", () => PaliadPage.Of("sign-in.html"));
        open.MapPost("/", SignIn).AuditedAs("session.begin");
    }

    private static async Task<IResult> SignIn(HttpContext context, ApiKeyCache keys, PaliadOwner owner)
    {
        if (await Key(context.Request) is not { } key
            || !ApiKeyText.TryHash(key, out var hash)
            || await keys.Find(hash, context.RequestAborted) is not { } caller)
        {
            return PaliadPage.Of("sign-in.html", StatusCodes.Status401Unauthorized);
        }

        context.Features.Set(caller); // for the audit
        if (!owner.Is(caller))
            return PaliadPage.Of("sign-in.html", StatusCodes.Status401Unauthorized);
        context.Response.Cookies.Append(PaliadOwner.Cookie, key, Options(context.Request));
        return new SeeOther("/paliadin");
    }

    private static SeeOther SignOut(HttpContext context)
    {
        context.Response.Cookies.Delete(PaliadOwner.Cookie, Options(context.Request));
        return new SeeOther(SignInPath);
    }

    /// <summary>Null where it is not this page that sends it.</summary>
    private static async Task<string?> Key(HttpRequest request)
    {
        if (request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) != true
            || request.Headers["Sec-Fetch-Site"] is not ([] or ["same-origin"]))
            return null;
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        return form["key"].ToString().Trim();
    }

    /// <summary>Gone when the browser is closed. How the browser came to the edge, the edge says.</summary>
    private static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Secure = request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https",
    };

    private sealed record SeeOther(string Path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = Path;
            httpContext.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }
}
