using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

/// <summary>Somebody guesses the password of an account whose name he knows: that keeps him out, and not whose account it is.</summary>
[Collection(LoginTests.Passwords)]
public sealed class AccountGuessTests : IAsyncLifetime
{
    private const string Password = "correct horse";
    private const int Wrong = 3;
    private const int WrongInAll = 12;

    private readonly Fleet _fleet = new();

    public Task InitializeAsync() => _fleet.InitializeAsync();

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Guesses_close_an_account_to_the_address_they_come_from()
    {
        var name = await Account();
        await Guess(name, "203.0.113.7", Wrong);
        (await LogIn(name, "203.0.113.7", Password)).ShouldBe(401);
        (await LogIn(name, "203.0.113.8", Password)).ShouldBe(200);
        (await LogIn(name, "203.0.113.7", Password)).ShouldBe(401, "another's login opens nothing there");

        await Guess(name, "2001:db8:1:2::1", 1);
        await Guess(name, "2001:db8:1:2:ffff::9", Wrong - 1);
        (await LogIn(name, "2001:db8:1:2:3::3", Password)).ShouldBe(401, "whoever has one address has its /64");
        (await LogIn(name, "2001:db8:1:3::1", Password)).ShouldBe(200);

        await _fleet.House.Do("update account_addresses set locked_until = now() where locked_until is not null");
        (await LogIn(name, "203.0.113.7", Password)).ShouldBe(200, "the time is over");
    }

    [Fact]
    public async Task Guesses_from_everywhere_close_it_to_all_but_those_who_opened_it_before()
    {
        var name = await Account();
        (await LogIn(name, "198.51.100.1", Password)).ShouldBe(200);
        for (var host = 1; host <= WrongInAll / 2; host++)
            await Guess(name, $"203.0.113.{host}", 2);
        (await _fleet.Get($"/v1/accounts/{name}")).GetProperty("locked_until").ValueKind.ShouldBe(JsonValueKind.String);
        (await LogIn(name, "192.0.2.9", Password)).ShouldBe(401);
        (await LogIn(name, "198.51.100.1", Password)).ShouldBe(200);
        await Guess(name, "198.51.100.1", Wrong);
        (await LogIn(name, "198.51.100.1", Password)).ShouldBe(401, "guesses from there count as from anywhere");

        using (var changed = await _fleet.Http.PatchAsJsonAsync($"/v1/accounts/{name}", new { password = "another one" }))
            await changed.Json(200);
        (await LogIn(name, "198.51.100.1", "another one")).ShouldBe(200);
        (await LogIn(name, "192.0.2.9", "another one")).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_kept_of_guesses_is_bounded()
    {
        var name = await Account();
        for (var host = 1; host <= 3 * WrongInAll; host++)
            await Guess(name, $"203.0.113.{host}", 1);
        (await _fleet.House.Ask<long>($"select count(*) from account_addresses join accounts on id = account where username = '{name}'"))
            .ShouldBe(WrongInAll, "what nobody would have believed is no guess");
        await _fleet.House.Do("update account_addresses set at = now() - interval '2 days'; update accounts set locked_until = null");
        await Guess(name, "192.0.2.1", 1);
        (await _fleet.House.Ask<long>($"select count(*) from account_addresses join accounts on id = account where username = '{name}'"))
            .ShouldBe(1);
    }

    private async Task<string> Account()
    {
        var name = $"user-{Guid.NewGuid():n}"[..16];
        await _fleet.Tell("/v1/accounts", 201, new { username = name, password = Password, role = "viewer" });
        return name;
    }

    private async Task Guess(string name, string from, int times)
    {
        for (var guess = 0; guess < times; guess++)
            (await LogIn(name, from, "a guess")).ShouldBe(401);
    }

    /// <summary>As the edge passes it on.</summary>
    private async Task<int> LogIn(string username, string from, string password)
    {
        using var edge = _fleet.With(null);
        edge.DefaultRequestHeaders.Add(CallerAddress.Header, from);
        using var answer = await edge.PostAsJsonAsync("/api/auth/login", new { username, password });
        return (int)answer.StatusCode;
    }

    private sealed class Fleet : ManifestFleet
    {
        protected override (string Key, string Value)[] Settings =>
        [
            .. base.Settings,
            ("Access:WrongPasswords", Wrong.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Access:WrongPasswordsInAll", WrongInAll.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }
}
