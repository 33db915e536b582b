using System.Security.Claims;
using Fleet.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Console.Access;

/// <summary>Logging in and out. The form's token and the cookie's SameSite keep other sites from doing either.</summary>
internal static class SessionEndpoints
{
    private const int LongestKey = 512;

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/session", LogIn).AllowAnonymous();
        routes.MapPost("/session/end", (Delegate)LogOut).AllowAnonymous().DisableAntiforgery(); // pages on a socket have no token
        routes.MapGet("/session/over", (HttpContext http) => Results.Redirect(http.Request.PathBase + "/login?why=over"))
            .AllowAnonymous();
    }

    private static async Task<IResult> LogIn(
        HttpContext http, [FromForm] string? key, [FromForm] string? to, FleetClients clients, CancellationToken stop)
    {
        var back = IsLocal(to) && new PathString(to!.Split('?', '#')[0]).StartsWithSegments(http.Request.PathBase, StringComparison.Ordinal)
            ? to : $"{http.Request.PathBase}/";
        key = key?.Trim() ?? "";
        if (key.Length is 0 or > LongestKey || key.Any(letter => letter is < '!' or > '~'))
            return Wrong(http, back, "key");
        try
        {
            using var client = clients.With(key);
            var me = await client.Keys.WhoAmI(stop);
            var identity = new ClaimsIdentity(
                [new(ClaimTypes.Name, me.Name), new(Session.Tenant, me.Tenant), new(Session.Key, key)],
                CookieAuthenticationDefaults.AuthenticationScheme);
            await http.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = false });
            return Results.Redirect(back);
        }
        catch (FleetException no)
        {
            return Wrong(http, back, no.Status == System.Net.HttpStatusCode.Unauthorized ? "key" : "refused");
        }
        catch (FleetUnreachableException)
        {
            return Wrong(http, back, "away");
        }
    }

    private static async Task<IResult> LogOut(HttpContext http)
    {
        if (!IsOfOwnPage(http.Request))
            return Results.Problem("Only a page of this console ends its session.", statusCode: StatusCodes.Status403Forbidden);
        await http.SignOutAsync();
        return Results.Redirect(http.Request.PathBase + "/login");
    }

    private static IResult Wrong(HttpContext http, string back, string why)
    {
        return Results.Redirect($"{http.Request.PathBase}/login?why={why}&to={Uri.EscapeDataString(back)}");
    }

    /// <summary>
    /// What a browser says of where a form was (https://w3c.github.io/webappsec-fetch-metadata/; where it says nothing of that, the
    /// Origin of RFC 6454, which every POST of a browser has).
    /// </summary>
    private static bool IsOfOwnPage(HttpRequest request) => request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
        ? site == "same-origin"
        : request.Headers.Origin == $"{request.Scheme}://{request.Host}";

    /// <summary>A path of these pages: what begins with two slashes would be another site.</summary>
    private static bool IsLocal(string? to) =>
        to is ['/', ..] and not ['/', '/' or '\\', ..] && !to.Any(char.IsControl);
}
