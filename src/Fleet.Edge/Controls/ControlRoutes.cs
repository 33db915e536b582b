using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace Fleet.Edge.Controls;

/// <summary>
/// The public paths. What is not here cannot be reached from outside, Control's own <c>/internal</c> least of all.
/// </summary>
internal static class ControlRoutes
{
    private const string OpenApi = "openapi";
    private const string Log = "/v1/jobs/{job}/log";
    private const string Artifact = "/v1/jobs/{job}/attempts/{attempt}/artifacts/{**name}";

    public static IReadOnlyList<RouteConfig> All(EdgeSettings settings) =>
    [
        Route("v1", "/v1/{**rest}", settings.MaxBodyBytes),
        Route("artifacts", Artifact, settings.MaxArtifactBytes, HttpMethods.Put),
        Route("log", Log, settings.MaxBodyBytes) with { ClusterId = ControlCluster.Patient },
        Route(OpenApi, "/openapi/{**rest}", settings.MaxBodyBytes),
        Route("foreman", "/jobs/{**rest}", settings.MaxBodyBytes).WithTransformPathPrefix("/v1"),
        (Route("foreman-log", "/jobs/{job}/log", settings.MaxBodyBytes) with { ClusterId = ControlCluster.Patient })
            .WithTransformPathPrefix("/v1"),
    ];

    /// <summary>Whether a good answer on this route means that the caller's key is good.</summary>
    public static bool NeedsKey(HttpContext http) => http.GetReverseProxyFeature().Route.Config.RouteId != OpenApi;

    private static RouteConfig Route(string name, string path, long maxBody, params string[] methods) => new()
    {
        RouteId = name,
        ClusterId = ControlCluster.Name,
        Match = new RouteMatch { Path = path, Methods = methods.Length > 0 ? methods : null },
        MaxRequestBodySize = maxBody,
    };
}
