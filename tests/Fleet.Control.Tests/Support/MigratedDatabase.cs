using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Support;

/// <summary>One database of the run with all tables, of which those of the classes are copies: to migrate takes seconds.</summary>
internal static class MigratedDatabase
{
    private static readonly Lazy<Task<TestDatabase>> _shared = new(Make);

    /// <summary>Nobody is connected to it, else it could not be copied.</summary>
    public static Task<TestDatabase> Shared => _shared.Value;

    public static FleetDbContext Context(string connection) =>
        new(new DbContextOptionsBuilder<FleetDbContext>().UseNpgsql(connection + ";Pooling=false").Options);

    private static async Task<TestDatabase> Make()
    {
        var database = await TestDatabase.Create();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => database.DisposeAsync().AsTask().Wait();
        await using var db = Context(database.ConnectionString);
        await db.Database.MigrateAsync();
        return database;
    }
}
