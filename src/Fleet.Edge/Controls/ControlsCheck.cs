using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>The door is ready when at least one Control said that it is.</summary>
internal sealed class ControlsCheck(IProxyStateLookup proxy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ready = proxy.TryGetCluster(ControlCluster.Name, out var cluster)
            && cluster.DestinationsState.AllDestinations.Any(IsReady);
        return Task.FromResult(
            ready ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No Control process is ready."));
    }

    private static bool IsReady(DestinationState control) =>
        control.Health.Active == DestinationHealth.Healthy && control.Health.Passive != DestinationHealth.Unhealthy;
}
