using System.Net.Http.Json;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Access;

public sealed class ApiKeyTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly string[] View =
        ["key_id", "name", "tenant", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"];

    [Fact]
    public async Task A_key_is_shown_once_and_opens_doors()
    {
        var door = await house.Door();
        using var admin = door.Admin();
        using var answer = await admin.PostAsJsonAsync("/v1/api-keys", new { name = "ci", scopes = new[] { "jobs:read" } });
        var made = await answer.Json(201);
        made.EnumerateObject().Select(field => field.Name).ShouldBe([.. View, "key"]);
        made.GetProperty("tenant").GetString().ShouldBe("default");
        made.GetProperty("key").GetString()!.ShouldMatch(@"\Afleet_[A-Za-z0-9_-]{43}\z");
        answer.Headers.Location!.ToString().ShouldBe($"/v1/api-keys/{made.GetProperty("key_id").GetString()}");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();

        using var shown = await admin.GetAsync(answer.Headers.Location);
        (await shown.Json(200)).EnumerateObject().Select(field => field.Name).ShouldBe(View);

        using var client = door.Client(made.GetProperty("key").GetString());
        using var me = await client.GetAsync("/v1/whoami");
        var self = await me.Json(200);
        self.EnumerateObject().Select(field => field.Name).ShouldBe(View);
        self.GetProperty("name").GetString().ShouldBe("ci");
        self.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["jobs:read"]);

        await using var db = house.Db();
        var id = WireId.TryParse(made.GetProperty("key_id").GetString(), out var key) ? key : default;
        var row = await db.Set<ApiKey>().FirstAsync(row => row.Id == id);
        row.CreatedBy.ShouldNotBeNull();
        row.Sha256.ShouldBe(ApiKeyText.Hash(made.GetProperty("key").GetString()!).ToBytes());
    }

    [Fact]
    public async Task A_long_answer_ends_with_its_key()
    {
        var door = await house.Door();
        using var admin = door.Admin();
        using var made = await admin.PostAsJsonAsync("/v1/api-keys", new { name = "watcher", role = "viewer" });
        var key = await made.Json(201);
        using var client = door.Client(key.GetProperty("key").GetString());
        await using var stream = await client.GetStreamAsync("/test/endless");
        await stream.ReadExactlyAsync(new byte["begun".Length]);
        using var revoked = await admin.DeleteAsync($"/v1/api-keys/{key.GetProperty("key_id").GetString()}");
        revoked.EnsureSuccessStatusCode();
        await Should.ThrowAsync<IOException>(
            stream.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Every_wrong_credential_gets_the_same_answer()
    {
        var door = await house.Door();
        var revoked = await door.MakeKey(new { name = "revoked", role = "viewer" });
        using (var admin = door.Admin())
        using (var gone = await admin.DeleteAsync($"/v1/api-keys/{revoked.Id}"))
            ((int)gone.StatusCode).ShouldBe(204);
        var expired = await door.MakeKey(
            new { name = "expired", role = "viewer", expires_at = TimeProvider.System.GetUtcNow().AddSeconds(5) });
        using (var late = door.Client(expired.Key))
        {
            await Eventually.True(async () =>
            {
                using var answer = await late.GetAsync("/test/any-key");
                return (int)answer.StatusCode == 401;
            }, "the key has expired");
        }

        string?[] headers =
        [
            null, "", "Bearer", "Bearer ", "Bearer nonsense", $"Bearer {ApiKeyText.New()}", $"Basic {door.AdminKey}",
            door.AdminKey, $"Bearer {door.AdminKey}x", $"Bearer {door.AdminKey[..^1]}",
            $"Bearer {door.AdminKey[..^1]}!", $"Bearer {revoked.Key}", $"Bearer {expired.Key}",
            $"Bearer {door.AdminKey}, Bearer {door.AdminKey}",
        ];
        var answers = new List<string>();
        foreach (var header in headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/whoami");
            if (header is not null)
                request.Headers.TryAddWithoutValidation("Authorization", header);
            using var answer = await door.Http.SendAsync(request);
            var problem = await answer.Problem(401, "unauthorized");
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            answers.Add(problem.ToString().Replace(problem.GetProperty("trace_id").GetString()!, ""));
        }

        answers.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_revoked_key_is_dead_in_every_process_when_the_answer_is_out()
    {
        var door = await house.Door();
        await using var other = await house.Open();
        var (id, key) = await door.MakeKey(new { name = "short", scopes = new[] { "jobs:read" } });
        using var here = door.Client(key);
        using var there = other.Client(key);
        using var admin = door.Admin();
        using var stop = new CancellationTokenSource();
        var using_ = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var used = await there.GetAsync("/test/any-key");
            }
        });
        (await here.GetStringAsync("/test/any-key")).ShouldBe("short");

        using var revoked = await admin.DeleteAsync($"/v1/api-keys/{id}");
        using var afterwards = await there.GetAsync("/test/any-key");
        using var here2 = await here.GetAsync("/test/any-key");
        ((int)revoked.StatusCode).ShouldBe(204);
        await afterwards.Problem(401, "unauthorized");
        await here2.Problem(401, "unauthorized");
        await stop.CancelAsync();
        await using_;

        using var again = await admin.DeleteAsync($"/v1/api-keys/{id}");
        ((int)again.StatusCode).ShouldBe(204);
        using var shown = await admin.GetAsync($"/v1/api-keys/{id}");
        (await shown.Json(200)).GetProperty("revoked_at").GetString().ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["jobs:read","jobs:write"]}""", "scopes[1]")]
    [InlineData("""{"name":"x","scopes":["JOBS:READ"]}""", "scopes[0]")]
    [InlineData("""{"name":"x","scopes":["none"]}""", "scopes[0]")]
    [InlineData("""{"name":"x","scopes":"jobs:read"}""", "scopes")]
    [InlineData("""{"name":"x","role":"king"}""", "role")]
    [InlineData("""{"name":"x","role":"viewer","scopes":["jobs:read"]}""", "role")]
    [InlineData("""{"name":"","role":"viewer"}""", "name")]
    [InlineData("""{"name":"a\nb","role":"viewer"}""", "name")]
    [InlineData("""{"role":"viewer"}""", "name")]
    [InlineData("""{"name":"x","role":"viewer","tenant":"Not A Tenant"}""", "tenant")]
    [InlineData("""{"name":"x","role":"viewer","expires_at":"2020-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"name":"x","role":"viewer","expires_at":"soon"}""", "expires_at")]
    [InlineData("""{"name":"x","role":"viewer","expires":null}""", "expires")]
    public async Task A_wrong_wish_names_its_field(string body, string field)
    {
        using var admin = (await house.Door()).Admin();
        using var content = new StringContent(body, null, "application/json");
        using var answer = await admin.PostAsync("/v1/api-keys", content);
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Unknown_keys_are_404()
    {
        using var admin = (await house.Door()).Admin();
        foreach (var id in (string[])[WireId.Format(WireId.New()), "nonsense", "1"])
        {
            using var shown = await admin.GetAsync($"/v1/api-keys/{id}");
            await shown.Problem(404, "not_found");
            using var revoked = await admin.DeleteAsync($"/v1/api-keys/{id}");
            await revoked.Problem(404, "not_found");
        }
    }

    [Fact]
    public async Task A_list_goes_through_all_keys_and_never_shows_a_secret()
    {
        var door = await house.Door();
        for (var i = 0; i < 5; i++)
            await door.MakeKey(new { name = $"listed {i}", role = "viewer", tenant = "listed" });
        var owner = await door.MakeKey(new { name = "owner", role = "admin", tenant = "listed" });

        using var client = door.Client(owner.Key);
        var names = new List<string>();
        string? cursor = null;
        do
        {
            using var answer = await client.GetAsync($"/v1/api-keys?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await answer.Json(200);
            page.ToString().ShouldNotContain("fleet_");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(key => key.GetProperty("name").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        names.ShouldBe(["owner", "listed 4", "listed 3", "listed 2", "listed 1", "listed 0"]);
    }

    [Fact]
    public async Task The_use_of_a_key_is_written_down()
    {
        await using var door = await house.Open(("Access:LastUsedSeconds", "1"));
        var (id, key) = await door.MakeKey(new { name = "used", role = "viewer" });
        using var client = door.Client(key);
        await client.GetStringAsync("/test/any-key");
        await door.Services.GetRequiredService<ApiKeyUses>().Write(CancellationToken.None);
        using var admin = door.Admin();
        using var shown = await admin.GetAsync($"/v1/api-keys/{id}");
        (await shown.Json(200)).GetProperty("last_used_at").GetDateTimeOffset()
            .ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Guessing_keys_leaves_nothing_behind_and_harms_no_one()
    {
        var door = await house.Door();
        using var admin = door.Admin();
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, stop) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/test/any-key");
            request.Headers.Authorization = new("Bearer", ApiKeyText.New());
            using var answer = await door.Http.SendAsync(request, stop);
            ((int)answer.StatusCode).ShouldBe(401);
        });
        door.Services.GetRequiredService<ApiKeyCache>().Count.ShouldBeLessThan(50);
        (await admin.GetStringAsync("/test/any-key")).ShouldBe("first admin key");
    }
}
