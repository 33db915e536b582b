using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http.Streams;
using Fleet.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// What every request meets: limits, problems for whatever goes wrong, and the question who is asking.
/// </summary>
internal static class HttpModule
{
    public static void AddFleetHttp(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<HttpSettings>("Http");
        builder.AddSettings<EdgeSettings>("Edges");
        builder.Services.AddSingleton<CallerAddress>();
        builder.Services.AddSingleton<LargeBodies>();
        builder.Services.AddFleetHealth();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<HttpSettings>((kestrel, http) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = http.MaxBodyBytes;
            kestrel.Limits.MaxRequestLineSize = 32 * 1024; // as the edge
            kestrel.Limits.MinResponseDataRate = null; // who watches a stream may read as slowly as he likes
        });
        builder.AddInlineSockets();
        builder.Services.ConfigureHttpJsonOptions(json => FleetJson.Apply(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    public static void UseFleetHttp(this WebApplication app)
    {
        app.UseMiddleware<CautiousAnswers>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseWebSockets();
        app.UseRoutingOfHead();
        app.UseMiddleware<MetricsDoor>();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<UnknownParameters>();
        app.UseMiddleware<StreamHeads>();
        app.UseMiddleware<StreamEnds>();
    }
}
