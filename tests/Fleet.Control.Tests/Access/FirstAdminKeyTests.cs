using System.Net.Http.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Fleet.Control.Tests.Access;

/// <summary>Every test starts from a house without keys.</summary>
public sealed class FirstAdminKeyTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Processes_that_start_together_make_one_key()
    {
        var doors = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _house.Open()));
        (await Keys()).Count.ShouldBe(1);
        foreach (var door in doors)
        {
            using var admin = door.Admin();
            (await admin.GetStringAsync("/test/any-key")).ShouldBe("first admin key");
            await door.DisposeAsync();
        }

        Directory.GetFiles(_house.Directory).ShouldBe([Path.Combine(_house.Directory, "admin.key")]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(doors[0].AdminKeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_lost_file_is_not_made_again()
    {
        await using (var first = await _house.Open())
            File.Delete(first.AdminKeyFile);
        await using var second = await _house.Open();
        File.Exists(second.AdminKeyFile).ShouldBeFalse();
        (await Keys()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("missing/admin.key")]
    [InlineData(".")]
    public async Task A_file_that_cannot_be_written_stops_the_start_and_leaves_no_key(string file)
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(
            () => _house.Open(("Access:AdminKeyFile", file)));
        refused.Failures.Single().ShouldContain("AdminKeyFile");
        (await Keys()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_draft_whose_key_was_not_stored_is_thrown_away()
    {
        var draft = Path.Combine(_house.Directory, "admin.key.new");
        var text = ApiKeyText.New();
        await File.WriteAllTextAsync(draft, text + "\n");
        await using var door = await _house.Open();
        File.Exists(draft).ShouldBeFalse();
        door.AdminKey.ShouldNotBe(text);
        using var admin = door.Admin();
        await admin.GetStringAsync("/test/any-key");
    }

    [Fact]
    public async Task A_draft_whose_key_was_stored_becomes_the_file()
    {
        string text;
        await using (var first = await _house.Open())
        {
            text = first.AdminKey;
            File.Move(first.AdminKeyFile, first.AdminKeyFile + ".new");
        }

        await using var door = await _house.Open();
        door.AdminKey.ShouldBe(text);
        (await Keys()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_last_admin_key_stays_until_there_is_another()
    {
        await using var door = await _house.Open();
        var first = (await Keys()).Single();
        var elsewhere = await door.MakeKey(new { name = "elsewhere", role = "admin", tenant = "acme" });
        using var admin = door.Admin();
        using var refused = await admin.DeleteAsync($"/v1/api-keys/{Wire(first)}");
        await refused.Problem(409, "last_admin_key");

        var second = await door.MakeKey(new { name = "second", role = "admin" });
        using var successor = door.Client(second.Key);
        var both = await Task.WhenAll(
            admin.DeleteAsync($"/v1/api-keys/{second.Id}"), successor.DeleteAsync($"/v1/api-keys/{Wire(first)}"));
        // who comes second is the last admin, or is revoked before he is heard
        both.Count(answer => (int)answer.StatusCode == 204).ShouldBe(1);
        both.Count(answer => (int)answer.StatusCode is 401 or 409).ShouldBe(1);
        (await Keys()).Count(key => key.Tenant == Tenants.Default && key.RevokedAt is null).ShouldBe(1);
        foreach (var answer in both)
            answer.Dispose();
        using var acme = door.Client(elsewhere.Key);
        using var own = await acme.DeleteAsync($"/v1/api-keys/{elsewhere.Id}");
        ((int)own.StatusCode).ShouldBe(204);
    }

    [Fact]
    public async Task A_fleet_whose_admin_keys_are_all_over_gets_a_new_one_at_start()
    {
        string old;
        await using (var first = await _house.Open())
            old = first.AdminKey;
        await using (var db = _house.Db())
        {
            await db.Set<ApiKey>().ExecuteUpdateAsync(
                keys => keys.SetProperty(key => key.ExpiresAt, TimeProvider.System.GetUtcNow().AddDays(-1)));
        }

        await using var door = await _house.Open();
        door.AdminKey.ShouldNotBe(old);
        using var admin = door.Admin();
        using var made = await admin.PostAsJsonAsync("/v1/api-keys", new { name = "x", role = "viewer" });
        await made.Json(201);
    }

    private static string Wire(ApiKey key) => Fleet.Protocol.Ids.WireId.Format(key.Id);

    private async Task<List<ApiKey>> Keys()
    {
        await using var db = _house.Db();
        return await db.Set<ApiKey>().ToListAsync();
    }
}
