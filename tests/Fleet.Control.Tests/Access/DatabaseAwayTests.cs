using Fleet.Control.Platform.Access;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Access;

public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private readonly TestHouse _house = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Keys_that_cannot_be_looked_up_are_503_and_work_again_afterwards()
    {
        await using var door = await _house.Open();
        using var admin = door.Admin();
        using var guess = door.Client(ApiKeyText.New());
        await admin.GetStringAsync("/test/any-key");

        await LetConnectionsIn(false);
        await Task.Delay(300);
        foreach (var client in (HttpClient[])[admin, guess])
        {
            using var away = await client.GetAsync("/test/any-key");
            await away.Problem(503, "database_unavailable");
            away.Headers.RetryAfter.ShouldNotBeNull();
        }

        using var shapeless = await door.Client("nonsense").GetAsync("/test/any-key");
        await shapeless.Problem(401, "unauthorized");

        await LetConnectionsIn(true);
        await Task.Delay(300);
        (await admin.GetStringAsync("/test/any-key")).ShouldBe("first admin key");
        using var unknown = await guess.GetAsync("/test/any-key");
        await unknown.Problem(401, "unauthorized");
    }

    private async Task LetConnectionsIn(bool allow)
    {
        var house = new NpgsqlConnectionStringBuilder(_house.ConnectionString);
        var name = house.Database;
        house.Database = "postgres";
        house.Pooling = false;
        await using var connection = new NpgsqlConnection(house.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"ALTER DATABASE {name} CONNECTION LIMIT {(allow ? -1 : 0)}; "
            + $"ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}; "
            + $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
            connection);
        await command.ExecuteNonQueryAsync();
    }
}
