using System.Buffers.Text;
using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Access.Accounts;
using Fleet.Control.Platform.Secrets;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

public sealed class LoginTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    private const string Password = "correct horse";

    [Fact]
    public async Task A_login_opens_what_the_role_of_its_account_opens_at_that_moment()
    {
        var name = await Account("viewer");
        var login = await LogIn(name, Password, 200);
        login.EnumerateObject().Select(field => field.Name).ShouldBe(["token", "role", "must_change_pw", "exp"]);
        using var by = fleet.With(login.GetProperty("token").GetString());
        (await Text(by.GetAsync("/api/auth/me"), 200)).ShouldBe($$"""{"username":"{{name}}","role":"viewer"}""");
        (await Text(by.GetAsync("/api/results"), 200)).ShouldBe("[]");
        (await Text(by.GetAsync("/api/audit?limit=1"), 200)).ShouldStartWith("[");
        (await Text(by.GetAsync("/v1/whoami"), 200)).ShouldContain($"\"name\":\"{name}\"");
        (await Text(by.PostAsJsonAsync("/api/exec/hello", new { }), 403)).ShouldBe("operator role required (caller is viewer)");
        using (var refused = await by.GetAsync("/v1/accounts"))
            await refused.Problem(403, "forbidden");

        await Change(name, new { role = "operator" });
        (await Text(by.PostAsJsonAsync("/api/exec/nothing", new { target = new { all = true } }), 404)).ShouldBe("job 'nothing' not found");
        await Change(name, new { disabled = true });
        (await Text(by.GetAsync("/api/results"), 401)).ShouldBe("account disabled");
        (await Text(LogInRaw(name, Password), 401)).ShouldBe("invalid credentials");
        await Change(name, new { disabled = false });
        (await Text(by.GetAsync("/api/results"), 200)).ShouldBe("[]");
        using (var gone = await fleet.Http.DeleteAsync($"/v1/accounts/{name}"))
            ((int)gone.StatusCode).ShouldBe(204);
        (await Text(by.GetAsync("/api/results"), 401)).ShouldBe("unknown account");
    }

    [Fact]
    public async Task What_is_wrong_with_a_login_looks_alike_and_what_is_wrong_with_a_token_is_said()
    {
        var name = await Account("admin");
        foreach (var (user, password) in ((string, string)[])[(name, "wrong"), ("nobody", Password), (name, ""), (name, new string('x', 1000))])
            (await Text(LogInRaw(user, password), 401)).ShouldBe("invalid credentials");
        var key = ((SecretBox)fleet.Services.GetService(typeof(SecretBox))!).KeyFor("fleet login tokens");
        var now = TimeProvider.System.GetUtcNow();
        var epoch = await fleet.House.Ask<int>($"select epoch from accounts where username = '{name}'");
        var good = LoginToken.Write(name, epoch, "admin", now.AddHours(1), key);
        (await Ask(good, 200)).ShouldBe("[]");
        (await Ask(LoginToken.Write(name, epoch, "admin", now.AddSeconds(-1), key), 401)).ShouldBe("invalid token: ExpiredSignature");
        (await Ask(LoginToken.Write(name, epoch, "admin", now.AddHours(1), RandomNumberGenerator.GetBytes(32)), 401))
            .ShouldBe("invalid token: InvalidSignature");
        (await Ask(Token("""{"alg":"none"}""", $$"""{"sub":"{{name}}","aud":"kanade","exp":9999999999}""", null), 401))
            .ShouldBe("invalid token: InvalidAlgorithm");
        (await Ask(Token("""{"alg":"HS256"}""", $$"""{"sub":"{{name}}","aud":"other","exp":9999999999}""", key), 401))
            .ShouldBe("invalid token: InvalidAudience");
        (await Ask("a.b.c", 401)).ShouldBe("invalid token: InvalidToken");
        (await Ask("fleet_unknown", 401)).ShouldBe("invalid token: InvalidToken");
        (await Ask(null, 401)).ShouldBe("missing bearer token");
        var head = good[..good.LastIndexOf('.')];
        (await Ask(head + ".", 401)).ShouldBe("invalid token: InvalidSignature");
    }

    [Fact]
    public async Task A_new_password_ends_former_logins_and_guessing_locks()
    {
        var name = await Account("operator");
        var former = (await LogIn(name, Password, 200)).GetProperty("token").GetString();
        using var by = fleet.With(former);
        (await Text(by.PostAsJsonAsync("/api/auth/change-password", new { old_password = Password, new_password = "short" }), 400))
            .ShouldStartWith("password must be");
        (await Text(by.PostAsJsonAsync("/api/auth/change-password", new { old_password = "wrong", new_password = "long enough" }), 401))
            .ShouldBe("invalid credentials");
        (await Text(by.PostAsJsonAsync("/api/auth/change-password", new { old_password = Password, new_password = "long enough" }), 204))
            .ShouldBe("");
        (await Text(by.GetAsync("/api/auth/me"), 401)).ShouldBe("invalid token: ExpiredSignature");
        await LogIn(name, "long enough", 200);
        (await Text(fleet.Http.PostAsJsonAsync("/api/auth/change-password", new { old_password = "long enough", new_password = "never this" }), 403))
            .ShouldStartWith("keys have no password");
        for (var guess = 0; guess < 10; guess++)
            await Text(LogInRaw(name, "guess"), 401);
        (await Text(LogInRaw(name, "long enough"), 401)).ShouldBe("invalid credentials");
        (await fleet.Get($"/v1/accounts/{name}")).GetProperty("locked_until").ValueKind.ShouldBe(JsonValueKind.String);
        await Change(name, new { password = "another one" });
        await LogIn(name, "another one", 200);
    }

    [Fact]
    public async Task Bodies_that_are_none_are_told_apart_and_accounts_are_checked()
    {
        (await Text(fleet.Http.PostAsync("/api/auth/login", new StringContent("{}")), 415)).ShouldContain("application/json");
        (await Text(Raw("{"), 400)).ShouldStartWith("Failed to parse");
        (await Text(Raw("""{"username":1}"""), 422)).ShouldStartWith("Failed to deserialize");
        (await Text(Raw("""{"username":"a"}"""), 422)).ShouldContain("missing field");
        using var wrong = await fleet.Http.PostAsJsonAsync("/v1/accounts", new { username = "a b", password = "x", role = "king" });
        (await wrong.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Select(field => field.Name)
            .ShouldBe(["username", "role", "password"], ignoreOrder: true);
        var name = await Account("viewer");
        using var twice = await fleet.Http.PostAsJsonAsync("/v1/accounts", new { username = name, password = Password, role = "viewer" });
        await twice.Problem(409, "name_taken");
        using var viewer = await fleet.WithScopes("jobs:read");
        using var refused = await viewer.GetAsync("/v1/accounts");
        await refused.Problem(403, "forbidden");
    }

    [Fact]
    public async Task A_token_of_a_former_account_opens_nothing_of_a_new_one_of_the_same_name()
    {
        var name = await Account("viewer");
        using var logged = await LogInRaw(name, Password);
        var token = (await logged.Json(200)).GetProperty("token").GetString()!;
        using (var gone = await fleet.Http.DeleteAsync($"/v1/accounts/{name}"))
            ((int)gone.StatusCode).ShouldBe(204);
        await fleet.Tell("/v1/accounts", 201, new { username = name, password = Password, role = "admin" });
        using var by = fleet.With(token);
        using var refused = await by.GetAsync("/api/results");
        ((int)refused.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Until_it_has_a_password_of_its_own_an_account_opens_nothing_but_the_change()
    {
        var name = await Account("admin", mustChange: true);
        var login = await LogIn(name, Password, 200);
        login.GetProperty("must_change_pw").GetBoolean().ShouldBeTrue();
        using (var by = fleet.With(login.GetProperty("token").GetString()))
        {
            (await Text(by.GetAsync("/api/results"), 403)).ShouldContain("choose a password of its own first");
            using (var refused = await by.GetAsync("/v1/jobs"))
                (await refused.Problem(403, "forbidden")).GetProperty("detail").GetString()!.ShouldContain("/api/auth/change-password");
            using (var refused = await by.PostAsJsonAsync("/v1/accounts", new { username = "another", password = Password, role = "admin" }))
                await refused.Problem(403, "forbidden");
            await Text(by.GetAsync("/api/auth/me"), 200);
            await Text(by.GetAsync("/v1/whoami"), 200);
            await Text(by.PostAsJsonAsync("/api/auth/change-password", new { old_password = Password, new_password = "its very own" }), 204);
        }

        login = await LogIn(name, "its very own", 200);
        login.GetProperty("must_change_pw").GetBoolean().ShouldBeFalse();
        using var own = fleet.With(login.GetProperty("token").GetString());
        await Text(own.GetAsync("/api/results"), 200);
    }

    /// <summary>What takes time at a login is the comparison: whoever tries, there is one, as costly as any.</summary>
    [Fact]
    public async Task Unknown_disabled_and_locked_accounts_cost_as_many_comparisons_as_a_wrong_password()
    {
        var (known, disabled, locked) = (await Account("viewer"), await Account("viewer"), await Account("viewer"));
        await Change(disabled, new { disabled = true });
        await fleet.House.Do($"update accounts set locked_until = now() + interval '1 hour' where username = '{locked}'");
        var compared = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "fleet.access.password_comparisons")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref compared, count));
        listener.Start();
        foreach (var (user, password, status) in ((string, string, int)[])
        [
            (known, Password, 200), (known, "wrong one", 401), ("nobody-at-all", Password, 401), (disabled, Password, 401),
            (disabled, "wrong one", 401), (locked, Password, 401),
        ])
        {
            var before = Interlocked.Read(ref compared);
            using var answer = await LogInRaw(user, password);
            ((int)answer.StatusCode).ShouldBe(status);
            (Interlocked.Read(ref compared) - before).ShouldBe(1, user);
        }
    }

    [Theory]
    [InlineData("""{"alg":"\ud800"}""")]
    [InlineData("""{"alg":"\u0000"}""")]
    public async Task A_token_that_is_no_text_is_refused_as_any_other(string head) =>
        (await Ask(Token(head, "{}", null), 401)).ShouldStartWith("invalid token");

    private async Task<string> Account(string role, bool mustChange = false)
    {
        var name = $"user-{Guid.NewGuid():n}"[..16];
        await fleet.Tell("/v1/accounts", 201, new { username = name, password = Password, role, must_change_password = mustChange });
        return name;
    }

    private async Task Change(string name, object change)
    {
        using var answer = await fleet.Http.PatchAsJsonAsync($"/v1/accounts/{name}", change);
        await answer.Json(200);
    }

    private async Task<JsonElement> LogIn(string name, string password, int status)
    {
        using var answer = await LogInRaw(name, password);
        return await answer.Json(status);
    }

    private async Task<HttpResponseMessage> LogInRaw(string username, string password)
    {
        using var nobody = fleet.With(null);
        return await nobody.PostAsJsonAsync("/api/auth/login", new { username, password });
    }

    private Task<HttpResponseMessage> Raw(string body) => fleet.Http.PostAsync(
        "/api/auth/login", new StringContent(body, MediaTypeHeaderValue.Parse("application/json")));

    private async Task<string> Ask(string? token, int status)
    {
        using var by = fleet.With(token);
        return await Text(by.GetAsync("/api/results"), status);
    }

    public static async Task<string> Text(Task<HttpResponseMessage> asked, int status)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        if (status >= 400 && text.Length > 0)
            answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        return text;
    }

    private static string Token(string head, string claims, byte[]? key)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(head))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{(key is null ? "" : Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed))))}";
    }
}
