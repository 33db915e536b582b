using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Brings the schema up to date at start. EF Core's lock lets one process do it while others wait.</summary>
internal static class SchemaUpdate
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a database that is not there yet.</summary>
    public static async Task MigrateDatabase(this IHost app)
    {
        var contexts = app.Services.GetRequiredService<IDbContextFactory<FleetDbContext>>();
        var log = app.Services.GetRequiredService<PersistenceLog>();
        var stop = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        while (true)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(stop);
                var pending = (await db.Database.GetPendingMigrationsAsync(stop)).Count();
                await db.Database.MigrateAsync(stop);
                log.Migrated(pending);
                return;
            }
            catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
            {
                log.WaitingForDatabase(failure.Message);
                await Task.Delay(Pause, stop);
            }
        }
    }
}
