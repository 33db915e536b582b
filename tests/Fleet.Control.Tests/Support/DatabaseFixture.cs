using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Tests.Support;

/// <summary>
/// Per test class: a database with all tables, a directory, and as many doors on them as a test opens.
/// </summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private TestDatabase? _database;
    private ControlApp? _door;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("fleet-test-").FullName;

    public string ConnectionString => _database!.ConnectionString;

    /// <summary>The door that the tests of a class share; opened when first asked for.</summary>
    internal async Task<ControlApp> Door(params (string Key, string Value)[] settings) =>
        _door ??= await Open(settings);

    internal Task<ControlApp> Open(params (string Key, string Value)[] settings) => ControlApp.Open(this, settings);

    internal FleetDbContext Db() => MigratedDatabase.Context(ConnectionString);

    public async Task InitializeAsync() => _database = await TestDatabase.Create(await MigratedDatabase.Shared);

    public async Task DisposeAsync()
    {
        if (_door is not null)
            await _door.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
