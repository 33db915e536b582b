using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Fleet.Hosting;

/// <summary>
/// The figures of a process as Prometheus reads them and, where a collector is set, figures and traces over OTLP.
/// </summary>
public static class FleetTelemetry
{
    private static readonly string[] Meters =
    [
        "Fleet*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql",
        "MassTransit",
    ];

    private static readonly string[] Sources =
        ["Fleet*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Yarp.ReverseProxy"];

    /// <param name="serviceName">Such as <c>fleet-control</c>; with the host's name it tells processes apart.</param>
    public static void AddFleetTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        var collector = builder.AddSettings<TelemetrySettings>("Telemetry").OtlpEndpoint;
        var who = ResourceBuilder.CreateEmpty().AddService(serviceName, serviceInstanceId: Environment.MachineName);
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .SetResourceBuilder(who)
            .AddMeter(Meters)
            .AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0));
        if (!Uri.TryCreate(collector, UriKind.Absolute, out var address))
            return;
        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter(otlp => otlp.Endpoint = address));
        telemetry.WithTracing(traces => traces
            .SetResourceBuilder(who)
            .AddSource(Sources)
            .AddOtlpExporter(otlp => otlp.Endpoint = address));
    }

    /// <summary><c>GET /metrics</c>: Prometheus' text format. Open to whoever reaches the port.</summary>
    public static void MapFleetMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics")
            .AllowAnonymous()
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
}
