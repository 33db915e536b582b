using Fleet.Hosting.Settings;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// Brings the schema up to date at start. A lock lets one process do it while others wait; EF Core's own does not hold
/// over several migrations, because each commits by itself.
/// </summary>
internal static class SchemaUpdate
{
    private const long Lock = 0x466C656574; // "Fleet"

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a database that is not there yet.</summary>
    public static async Task MigrateDatabase(this IHost app)
    {
        var contexts = app.Services.GetRequiredService<IDbContextFactory<FleetDbContext>>();
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        var log = app.Services.GetRequiredService<PersistenceLog>();
        var stop = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        while (true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stop);
                await using var turn = await connection.BeginTransactionAsync(stop);
                await Await(turn, stop);
                await using var db = await contexts.CreateDbContextAsync(stop);
                var pending = (await db.Database.GetPendingMigrationsAsync(stop)).Count();
                await db.Database.MigrateAsync(stop);
                log.Migrated(pending);
                if (await RestoredDatabase.Renew(turn, stop) is { } renumbered)
                    log.Restored(renumbered);
                await turn.CommitAsync(stop);
                return;
            }
            catch (PostgresException refused) when (DatabaseFailure.IsRefusal(refused))
            {
                throw new WrongSettingException(
                    $"The database refuses what Postgres:ConnectionString says: {refused.MessageText}. Give a user that may "
                    + "log in, his password (Password=…), and a database that is there.",
                    refused);
            }
            catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
            {
                log.WaitingForDatabase(failure.Message);
                await Task.Delay(Pause, stop);
            }
        }
    }

    /// <summary>Until nobody else is at it; whoever is may take his time.</summary>
    private static async Task Await(NpgsqlTransaction turn, CancellationToken stop)
    {
        await using var wait = turn.Connection!.CreateCommand("select pg_advisory_xact_lock($1)", SqlValue.Of(Lock));
        wait.CommandTimeout = 0;
        await wait.ExecuteNonQueryAsync(stop);
    }
}
