using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>By the clock: writes down which keys were used and forgets those that are not.</summary>
internal sealed class ApiKeyUseWriter(
    ApiKeyUses uses, ApiKeyCache cache, AccessSettings settings, TimeProvider clock, ILogger<ApiKeyUseWriter> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.LastUsedSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            cache.Sweep();
            try
            {
                await uses.Write(stoppingToken);
            }
            catch (Exception away) when (DatabaseFailure.IsPassing(away))
            {
                AccessLog.UsesWait(log, away.Message);
            }
        }
    }
}
