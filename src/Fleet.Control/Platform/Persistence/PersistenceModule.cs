using Fleet.Hosting;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>The database: one pool of connections, one EF model, migrations at start.</summary>
internal static class PersistenceModule
{
    public static void AddPersistence(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<PostgresSettings>("Postgres");
        builder.Services.AddSingleton(services => Open(services.GetRequiredService<PostgresSettings>()));
        builder.Services.AddPooledDbContextFactory<FleetDbContext>((services, options) =>
            options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
    }

    private static NpgsqlDataSource Open(PostgresSettings settings)
    {
        var given = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        var text = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            MaxPoolSize = settings.MaxConnections,
            MaxAutoPrepare = 100,
            NoResetOnClose = true,
            Timeout = 5,
            CommandTimeout = 30,
            Options = $"{given.Options} -c jit=off".Trim(), // statements here are short; compiling one takes longer than any
            ApplicationName = $"fleet-control@{Environment.MachineName}",
        };
        return new NpgsqlDataSourceBuilder(text.ConnectionString) { Name = "fleet" }.Build();
    }
}
