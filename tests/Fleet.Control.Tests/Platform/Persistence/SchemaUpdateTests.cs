using Fleet.Control.Platform;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Platform.Persistence;

public sealed class SchemaUpdateTests
{
    [Fact]
    public async Task Processes_that_start_at_once_bring_an_empty_database_up_to_date()
    {
        await using var database = await TestDatabase.Create();
        using var first = On(database);
        using var second = On(database);
        using var third = On(database);
        await Task.WhenAll(first.MigrateDatabase(), second.MigrateDatabase(), third.MigrateDatabase());
        await using var db = await first.Services
            .GetRequiredService<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync();
        (await db.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
        db.Database.HasPendingModelChanges().ShouldBeFalse("a migration is missing");
    }

    private static IHost On(TestDatabase database)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Postgres:ConnectionString"] = database.ConnectionString,
        });
        builder.AddPlatform();
        return builder.Build();
    }
}
