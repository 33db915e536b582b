using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>The door is ready when at least one Control said that it is; where none is, each is asked why.</summary>
internal sealed class ControlsCheck(IProxyStateLookup proxy, IProbingRequestFactory probes) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!proxy.TryGetCluster(ControlCluster.Name, out var cluster))
            return HealthCheckResult.Unhealthy("No Control process is ready.");
        var controls = cluster.DestinationsState.AllDestinations;
        if (controls.Any(IsReady))
            return HealthCheckResult.Healthy();
        var reasons = await Task.WhenAll(controls.Select(control => Why(cluster.Model, control.Model, cancellationToken)));
        return HealthCheckResult.Unhealthy(string.Join(' ', reasons.Where(reason => reason.Length > 0).Distinct()
            .Prepend("No Control process is ready.")));
    }

    private static bool IsReady(DestinationState control) =>
        control.Health.Active == DestinationHealth.Healthy && control.Health.Passive != DestinationHealth.Unhealthy;

    /// <summary>What a Control says of itself; empty where it says nothing.</summary>
    private async Task<string> Why(ClusterModel cluster, DestinationModel control, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            using var question = probes.CreateRequest(cluster, control);
            using var answer = await cluster.HttpClient.SendAsync(question, patience.Token);
            using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
            return string.Join(' ', health.RootElement.GetProperty("checks").EnumerateObject()
                .Select(check => check.Value.GetString()).Where(word => word is not (null or "ok")));
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException or JsonException
            or KeyNotFoundException or InvalidOperationException)
        {
            stop.ThrowIfCancellationRequested();
            return "";
        }
    }
}
