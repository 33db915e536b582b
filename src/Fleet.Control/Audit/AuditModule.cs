using Fleet.Control.Platform.Audit;
using Fleet.Hosting;

namespace Fleet.Control.Audit;

/// <summary>Who wrote what, when, from where and with which result.</summary>
internal static class AuditModule
{
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<AuditSettings>("Audit");
        var services = builder.Services;
        services.AddSingleton<RefusalFold>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<AuditKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditKeeper>());
    }

    /// <summary>Before everything that may refuse.</summary>
    public static void UseAudit(this WebApplication app) => app.UseMiddleware<AuditMiddleware>();

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapAuditReading();
}
