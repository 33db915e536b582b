using System.Net.Http.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Access;

public sealed class ScopeTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public void The_words_are_these()
    {
        ScopeNames.Of((Scope)(-1)).ShouldBe(
            [
                "jobs:create", "jobs:read", "jobs:update", "datasets:read", "datasets:create", "jupyter:manage",
                "jupyter:read", "backups:read", "backups:manage", "chat:create", "chat:read", "chat:update", "agents:read",
                "agents:manage", "schedules:read", "schedules:create", "schedules:update", "webhooks:read",
                "webhooks:manage", "admin",
            ]);
        ScopeNames.TryParseRole("viewer", out var viewer).ShouldBeTrue();
        ScopeNames.Of(viewer).ShouldAllBe(name => name.EndsWith(":read"));
        ScopeNames.Of(viewer).Length.ShouldBe(8);
        ScopeNames.TryParseRole("operator", out var op).ShouldBeTrue();
        ScopeNames.Of(~op & (Scope)((1 << 20) - 1)).ShouldBe(["admin"]);
        ScopeNames.Union(["jobs:read", "from:the:future"]).ShouldBe(Scope.JobsRead);
    }

    [Fact]
    public async Task A_route_asks_for_its_own_scope_and_a_group_for_those_without()
    {
        var door = await house.Door();
        using var reader = await door.WithScopes("jobs:read");
        using var creator = await door.WithScopes("jobs:create");
        (await reader.GetStringAsync("/test/jobs/")).ShouldBe("jobs");
        using var made = await creator.PostAsync("/test/jobs/", null);
        ((int)made.StatusCode).ShouldBe(200);

        using var forbidden = await reader.PostAsync("/test/jobs/", null);
        (await forbidden.Problem(403, "forbidden")).GetProperty("detail").GetString()!.ShouldContain("jobs:create");
        using var forbidden2 = await creator.GetAsync("/test/jobs/");
        (await forbidden2.Problem(403, "forbidden")).GetProperty("detail").GetString()!.ShouldContain("jobs:read");
        using var nobody = await door.Http.GetAsync("/test/jobs/");
        await nobody.Problem(401, "unauthorized");
    }

    [Fact]
    public async Task Only_admins_reach_keys_and_admins_reach_everything()
    {
        var door = await house.Door();
        using var op = door.Client((await door.MakeKey(new { name = "op", role = "operator" })).Key);
        using var refused = await op.PostAsJsonAsync("/v1/api-keys", new { name = "x", role = "viewer" });
        await refused.Problem(403, "forbidden");
        using var admin = door.Admin();
        (await admin.GetStringAsync("/test/jobs/")).ShouldBe("jobs");
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other_and_the_fleets_admin_sees_all()
    {
        var door = await house.Door();
        using var root = door.Admin();
        using var acme = door.Client((await door.MakeKey(new { name = "acme", role = "admin", tenant = "acme" })).Key);
        using var viewer = door.Client((await door.MakeKey(new { name = "viewer", role = "viewer" })).Key);
        (await Sees(root, "acme")).ShouldBeTrue();
        (await Sees(acme, "acme")).ShouldBeTrue();
        (await Sees(acme, "default")).ShouldBeFalse();
        (await Sees(viewer, "default")).ShouldBeTrue();
        (await Sees(viewer, "acme")).ShouldBeFalse();

        using var own = await acme.PostAsJsonAsync("/v1/api-keys", new { name = "x", role = "viewer" });
        (await own.Json(201)).GetProperty("tenant").GetString().ShouldBe("acme");
        using var foreign = await acme.PostAsJsonAsync(
            "/v1/api-keys", new { name = "x", role = "viewer", tenant = "default" });
        await foreign.Problem(403, "forbidden");

        var victim = await door.MakeKey(new { name = "victim", role = "viewer" });
        using var shown = await acme.GetAsync($"/v1/api-keys/{victim.Id}");
        await shown.Problem(404, "not_found");
        using var revoked = await acme.DeleteAsync($"/v1/api-keys/{victim.Id}");
        await revoked.Problem(404, "not_found");
    }

    private static async Task<bool> Sees(HttpClient client, string tenant) =>
        bool.Parse(await client.GetStringAsync($"/test/sees/{tenant}"));
}
