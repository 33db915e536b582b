using System.Text.Json;
using Fleet.Hosting.Settings;
using Fleet.Hosting.Stops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting;

/// <summary>What a process says of itself to those who start it, watch it, or send it requests.</summary>
public static class FleetHealth
{
    /// <summary>
    /// The tag of the checks that decide. The others are shown, and change nothing: work is accepted while the
    /// broker is away, so the bus's own checks must not take a process out of service.
    /// </summary>
    public const string Decides = "fleet-ready";

    /// <summary>Tells those apart who ask from one address.</summary>
    public const string ProberHeader = "Fleet-Prober";

    private static readonly byte[] Alive = """{"status":"ok"}"""u8.ToArray();

    /// <summary>Register checks on what this returns; give those that decide the tag <see cref="Decides"/>.</summary>
    public static IHealthChecksBuilder AddFleetHealth(this IServiceCollection services)
    {
        // The answer names what fails; a line in the log for each probe would drown everything else.
        services.AddLogging(log => log.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new SettingsSection("Stop", typeof(StopSettings), []));
        services.AddOptions<StopSettings>().BindConfiguration("Stop").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<Leaving>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LeavingService>());
        return services.AddHealthChecks();
    }

    /// <summary>
    /// <c>GET /health/live</c>: 200 while the process serves. <c>GET /health/ready</c>: 200 or 503 with
    /// <c>{"status":"ok|unready","checks":{name:"ok" or a sentence}}</c>.
    /// </summary>
    public static void MapFleetHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).AllowAnonymous().ExcludeFromDescription();
    }

    private static Task Live(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = Alive.Length;
        return http.Response.Body.WriteAsync(Alive, http.RequestAborted).AsTask();
    }

    private static async Task Ready(HttpContext http)
    {
        var health = http.RequestServices.GetRequiredService<HealthCheckService>();
        var leaving = http.RequestServices.GetRequiredService<Leaving>();
        var report = await health.CheckHealthAsync(http.RequestAborted);
        var leaves = leaving.HasBegun;
        leaving.Probers.Asks(NameOf(http), leaves);
        var ready = !leaves && report.Entries.Values.All(check => IsWell(check) || !check.Tags.Contains(Decides));
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", ready ? "ok" : "unready");
        json.WriteStartObject("checks");
        if (leaves)
            json.WriteString("stop", "This process is stopping.");
        foreach (var (name, check) in report.Entries)
            json.WriteString(name, IsWell(check) ? "ok" : check.Description ?? $"{name} is {check.Status}.");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Of an edge its own name; of others their address and program.</summary>
    private static string NameOf(HttpContext http) => http.Request.Headers[ProberHeader] is [{ Length: > 0 and <= 100 } named]
        ? named
        : $"{http.Connection.RemoteIpAddress} {http.Request.Headers.UserAgent}";

    // Degraded still serves: only a process that cannot work leaves the round.
    private static bool IsWell(HealthReportEntry check) => check.Status != HealthStatus.Unhealthy;
}
