using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
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
        builder.Services.AddSingleton<PrometheusExporter>();
        builder.Services.AddSingleton(s => Meter(s.GetRequiredService<PrometheusExporter>(), who, collector));
        if (Uri.TryCreate(collector, UriKind.Absolute, out var address))
            builder.Services.AddSingleton(_ => Trace(who, address));
        builder.Services.AddHostedService<Listening>();
    }

    /// <summary><c>GET /metrics</c>: Prometheus' text format 0.0.4. Open to whoever reaches the port.</summary>
    public static void MapFleetMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", Show).AllowAnonymous().ExcludeFromDescription();

    private static Task Show(HttpContext http)
    {
        http.Response.ContentType = PrometheusText.ContentType;
        var text = http.RequestServices.GetRequiredService<PrometheusExporter>().Read();
        return http.Response.WriteAsync(text, Encoding.UTF8, http.RequestAborted);
    }

    private static MeterProvider Meter(PrometheusExporter exporter, ResourceBuilder resource, string collector)
    {
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddReader(new BaseExportingMetricReader(exporter));
        if (Uri.TryCreate(collector, UriKind.Absolute, out var address))
            meters.AddOtlpExporter(otlp => otlp.Endpoint = address);
        return meters.Build();
    }

    private static TracerProvider Trace(ResourceBuilder resource, Uri collector) =>
        Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Sources)
            .AddOtlpExporter(otlp => otlp.Endpoint = collector)
            .Build();

    /// <summary>Providers listen from the moment they exist: this makes them exist when the process starts.</summary>
    private sealed class Listening(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<MeterProvider>();
            services.GetService<TracerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
