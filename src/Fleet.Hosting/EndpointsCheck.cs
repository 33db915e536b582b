using Fleet.Hosting.Pulses;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Fleet.Hosting;

/// <summary>
/// At the start of a process every queue that it reads must be there: whoever sends to one before finds no exchange.
/// A broker that is away longer than <see cref="RabbitSettings.StartSeconds"/>, or goes later, takes no process out of
/// service, since work is accepted all the same.
/// </summary>
internal sealed class EndpointsCheck(EndpointStates endpoints, PulseObserver ear, RabbitSettings settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = ear.Queues.Except(endpoints.Read).ToList();
        var isStarting = endpoints.Age < TimeSpan.FromSeconds(settings.StartSeconds);
        return Task.FromResult(missing.Count > 0 && isStarting
            ? HealthCheckResult.Unhealthy($"Not read yet: {string.Join(", ", missing)}.")
            : HealthCheckResult.Healthy());
    }
}
