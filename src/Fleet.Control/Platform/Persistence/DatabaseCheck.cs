using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Without its database a Control can answer nothing.</summary>
internal sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var ask = database.CreateCommand("select 1");
            ask.CommandTimeout = 2;
            await ask.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
