using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.SessionAffinity;

namespace Fleet.Edge.Consoles;

/// <summary>
/// The web console: a page lives in the process that drew it, so whoever has one comes back to the same, as long as it is there.
/// </summary>
internal static class ConsoleRoutes
{
    public const string Route = "console";
    public const string Path = "/ui";

    private const string Cluster = "console";
    private const string Cookie = "fleet-console-at";

    public static IReadOnlyList<RouteConfig> All(EdgeSettings settings) => settings.Consoles.Length == 0 ? [] :
    [
        new RouteConfig
        {
            RouteId = Route,
            ClusterId = Cluster,
            Match = new RouteMatch { Path = $"{Path}/{{**rest}}" },
            MaxRequestBodySize = settings.MaxBodyBytes,
        },
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(EdgeSettings settings) => settings.Consoles.Length == 0 ? [] :
    [
        new ClusterConfig
        {
            ClusterId = Cluster,
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = settings.Consoles.Distinct().ToDictionary(url => url, url => new DestinationConfig { Address = url }),
            SessionAffinity = new SessionAffinityConfig
            {
                Enabled = true,
                Policy = SessionAffinityConstants.Policies.HashCookie,
                FailurePolicy = SessionAffinityConstants.FailurePolicies.Redistribute,
                AffinityKeyName = Cookie,
                Cookie = new SessionAffinityCookieConfig
                {
                    Path = Path,
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    SecurePolicy = CookieSecurePolicy.SameAsRequest,
                },
            },
            HttpRequest = new ForwarderRequestConfig
            {
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                ActivityTimeout = TimeSpan.FromSeconds(settings.SilenceSeconds),
            },
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                    Interval = TimeSpan.FromSeconds(settings.ProbeSeconds),
                    Timeout = TimeSpan.FromSeconds(5),
                    Path = "/health/ready",
                },
            },
            Metadata = new Dictionary<string, string> { [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = "1" },
        },
    ];
}
