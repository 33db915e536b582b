using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>
/// One failed connection takes a Control out of the round until the probes have looked. Nothing else does: what a
/// caller can provoke must not take Controls from everybody.
/// </summary>
internal sealed class LeaveUnreachable(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "LeaveUnreachable";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.GetForwarderErrorFeature() is not { } failure || !Connection.NeverCameAbout(failure))
            return;
        var period = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.FromSeconds(2);
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period);
    }
}
