using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Fleet.Edge.Controls;

/// <summary>All Control processes as one; any of them can answer anything, so there is no affinity.</summary>
internal static class ControlCluster
{
    public const string Name = "control";

    /// <summary>The same processes, for answers in which nothing can be said while there is nothing to say.</summary>
    public const string Patient = "control-patient";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    private static readonly string Threshold = ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName;

    public static IReadOnlyList<ClusterConfig> All(EdgeSettings settings) =>
        [Of(settings, Name, TimeSpan.FromSeconds(settings.SilenceSeconds)), Of(settings, Patient, LongestSilence)];

    private static ClusterConfig Of(EdgeSettings settings, string name, TimeSpan silence) => new()
    {
        ClusterId = name,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = Destinations(settings),
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8" },
        HttpRequest = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = silence,
            AllowResponseBuffering = false,
        },
        HealthCheck = Health(settings),
        // A higher threshold would call a Control well that never was.
        Metadata = new Dictionary<string, string> { [Threshold] = "1" },
    };

    private static Dictionary<string, DestinationConfig> Destinations(EdgeSettings settings)
    {
        var urls = settings.Controls.Length > 0 ? settings.Controls : [EdgeSettings.DefaultControl];
        return urls.Distinct().ToDictionary(url => url, url => new DestinationConfig { Address = url });
    }

    private static HealthCheckConfig Health(EdgeSettings settings) => new()
    {
        // When nobody looks well, everybody is tried: a Control that just started gets requests at once.
        AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        Active = new ActiveHealthCheckConfig
        {
            Enabled = true,
            Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            Interval = TimeSpan.FromSeconds(settings.ProbeSeconds),
            Timeout = TimeSpan.FromSeconds(5), // a busy Control is not a dead one
            Path = "/health/ready",
        },
        Passive = new PassiveHealthCheckConfig
        {
            Enabled = true,
            Policy = LeaveUnreachable.PolicyName,
            ReactivationPeriod = TimeSpan.FromSeconds(settings.ProbeSeconds),
        },
    };
}
