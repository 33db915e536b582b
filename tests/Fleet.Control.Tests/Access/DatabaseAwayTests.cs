using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Access;

public sealed class DatabaseAwayTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task Keys_that_cannot_be_looked_up_are_503_and_work_again_afterwards()
    {
        await using var relay = Relay();
        await using var door = await Open(relay);
        using var admin = door.Admin();
        using var guess = door.Client(ApiKeyText.New());
        await admin.GetStringAsync("/test/any-key");

        await relay.Cut();
        await Forgotten(admin);
        foreach (var client in (HttpClient[])[admin, guess])
        {
            using var away = await client.GetAsync("/test/any-key");
            await away.Problem(503, "database_unavailable");
            away.Headers.RetryAfter.ShouldNotBeNull();
        }

        using var shapeless = door.Client("nonsense");
        using var refused = await shapeless.GetAsync("/test/any-key");
        await refused.Problem(401, "unauthorized");

        relay.Mend();
        (await admin.GetStringAsync("/test/any-key")).ShouldBe("first admin key");
        using var unknown = await guess.GetAsync("/test/any-key");
        await unknown.Problem(401, "unauthorized");
    }

    [Fact]
    public async Task A_database_that_says_nothing_any_more_is_503_in_the_end()
    {
        await using var relay = Relay();
        await using var door = await Open(relay);
        using var admin = door.Admin();
        await admin.GetStringAsync("/test/any-key");
        relay.Stall();
        await Forgotten(admin);
    }

    /// <summary>A key that was looked up is believed for a moment; then its bearer hears that it cannot be.</summary>
    private static Task Forgotten(HttpClient client) => Eventually.True(
        async () =>
        {
            using var answer = await client.GetAsync("/test/any-key").WaitAsync(TimeSpan.FromSeconds(25));
            if (answer.IsSuccessStatusCode)
                return false;
            await answer.Problem(503, "database_unavailable");
            return true;
        },
        "the key is no longer believed");

    private TestRelay Relay()
    {
        var server = new NpgsqlConnectionStringBuilder(house.ConnectionString);
        return new TestRelay(server.Host!, server.Port).Start();
    }

    private Task<ControlApp> Open(TestRelay relay)
    {
        var way = new NpgsqlConnectionStringBuilder(house.ConnectionString) { Host = "127.0.0.1", Port = relay.Port };
        return house.Open(("Postgres:ConnectionString", way.ConnectionString));
    }
}
