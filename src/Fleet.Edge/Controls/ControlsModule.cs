using System.Net;
using Fleet.Edge.Consoles;
using Fleet.Hosting;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Fleet.Edge.Controls;

/// <summary>The Control processes behind the door: which there are, which are well, and what is said to them.</summary>
internal static class ControlsModule
{
    /// <summary>A body that is known to be as small is sent by the client of HTTP also when it is refused.</summary>
    private const int SentAnyway = 1024;

    public static void AddControls(this WebApplicationBuilder builder, EdgeSettings settings)
    {
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, LeaveUnreachable>();
        builder.Services.AddSingleton<IProbingRequestFactory, ProbeRequests>();
        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                [.. ControlRoutes.All(settings), .. ConsoleRoutes.All(settings)],
                [.. ControlCluster.All(settings), .. ConsoleRoutes.Clusters(settings)])
            .AddTransforms(Transform)
            .ConfigureHttpClient((_, client) => Connect(client, settings));
        builder.Services.AddFleetHealth().AddCheck<ControlsCheck>("controls", tags: [FleetHealth.Decides]);

        // Who left and who came back is said once; what failed in between is in the answers and the figures.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error);
    }

    private static void Connect(SocketsHttpHandler client, EdgeSettings settings)
    {
        client.ConnectTimeout = TimeSpan.FromSeconds(settings.ConnectSeconds);
        client.SslOptions.RemoteCertificateValidationCallback = Authorities.Validation(settings.CaFile);
        client.MaxConnectionsPerServer = int.MaxValue;
        client.AutomaticDecompression = DecompressionMethods.None;
        client.Expect100ContinueTimeout = TimeSpan.FromSeconds(settings.ConnectSeconds);
    }

    /// <summary>Who waits for leave to send a body (RFC 9110, 10.1.1) waits for Control's, which looks at the key first.</summary>
    private static ValueTask AskBeforeTheBody(RequestTransformContext request)
    {
        if (request.HttpContext.Request.Headers.Expect.ToString().Equals("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            request.ProxyRequest.Headers.ExpectContinue = true;
            if (request.ProxyRequest.Content is { Headers.ContentLength: <= SentAnyway } body)
                body.Headers.ContentLength = null;
        }

        return ValueTask.CompletedTask;
    }

    private static void Transform(TransformBuilderContext route)
    {
        // X-Forwarded-* are replaced, not extended: what the door does not believe, Control must not see.
        route.AddXForwarded(ForwardedTransformActions.Set);
        route.AddRequestHeaderRemove("Forwarded");
        CallerAddress.Tell(route);
        EscapedPath.Keep(route);
        route.AddRequestTransform(AskBeforeTheBody);
        route.AddResponseTransform(answer =>
        {
            var isMisdirected = answer.ProxyResponse?.StatusCode == HttpStatusCode.MisdirectedRequest;
            if (isMisdirected && HttpMethods.IsGet(answer.HttpContext.Request.Method))
                answer.SuppressResponseBody = true; // another Control is asked
            answer.HttpContext.Response.Headers.Remove("Server");
            RequestId.Answer(answer.HttpContext);
            return ValueTask.CompletedTask;
        });
    }
}
