using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace Fleet.Console.Access;

/// <summary>
/// Who is logged in, and with which key. The browser holds the name of a session and nothing else; the key lies with the
/// session on this side, sealed.
/// </summary>
internal static class AccessModule
{
    private const string Cookie = "fleet-console";

    public static void AddAccess(this WebApplicationBuilder builder, ConsoleSettings settings)
    {
        var services = builder.Services;
        var data = Directory.CreateDirectory(settings.DataDirectory);
        services.AddDataProtection().SetApplicationName(Cookie)
            .PersistKeysToFileSystem(data.CreateSubdirectory("keys"));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionWatch>();
        services.AddSingleton<SharedHandler>();
        services.AddSingleton<FleetClients>();
        services.AddScoped<FleetAccess>();
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionStore>((cookie, sessions) => Shape(cookie, settings, sessions));
        services.AddAntiforgery(token =>
        {
            token.Cookie.Name = "fleet-form";
            token.Cookie.Path = settings.PathBase;
            token.Cookie.SameSite = SameSiteMode.Strict;
            token.SuppressXFrameOptionsHeader = true; // SecurityHeaders says it
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    /// <summary>Whoever logs in gets a session with a new name: somebody else may know the one that came with the request.</summary>
    public static void UseFreshSessions(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Path == "/session" || http.Request.Path == "/login")
        {
            http.Request.Headers.Cookie = string.Join(';', http.Request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';'))
                .Where(one => !one.TrimStart().StartsWith($"{Cookie}=", StringComparison.Ordinal)));
        }

        return next(http);
    });

    private static void Shape(CookieAuthenticationOptions cookie, ConsoleSettings settings, SessionStore sessions)
    {
        cookie.Cookie.Name = Cookie;
        cookie.Cookie.Path = settings.PathBase;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax; // a link to a job opens it; what changes anything is a POST or a socket
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(settings.SessionHours);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/login";
        cookie.ReturnUrlParameter = "to";
        cookie.SessionStore = sessions;
    }
}
