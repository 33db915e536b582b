using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Fleet.Control.Platform.Access;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Backups;

/// <summary>What is of backups is its tenant's, and opens to the keys that may.</summary>
public sealed class BackupWallTests(BackupFleet fleet) : IClassFixture<BackupFleet>
{
    private const string Mark = "only-acmes-own";
    private const string SnapshotId = "ac3e000000000000000000000000000000000000000000000000000000000001";

    private static readonly string[] Families =
        ["/v1/repositories", "/v1/source-groups", "/v1/backups", "/v1/snapshots", "/v1/restores", "/v1/alerts"];

    [Theory]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task What_expires_at_once_or_never_is_refused(string expires)
    {
        await using var agent = await fleet.BackupAgent();
        var name = $"expiring{Guid.NewGuid():N}";
        await BackupFleet.Create(fleet.Http, name, agent.Name);
        using var answer = await fleet.Http.PostAsJsonAsync("/v1/backups", new { kind = "backup", source_group = name, expires_at = expires });
        (await answer.Problem(400, "invalid_field")).Sentence("expires_at").ShouldBe("This must lie in the future, and within 100 years.");
    }

    [Fact]
    public async Task No_route_shows_one_tenants_admin_what_is_the_others()
    {
        using var acme = await fleet.Tenant("acme");
        using var beta = await fleet.Tenant("beta");
        await using var agent = await fleet.BackupAgent();
        var (repository, group) = await BackupFleet.Create(acme, Mark, agent.Name, newestWithin: 1);
        await BackupFleet.Tell(agent, repository, SnapshotId, Mark, DateTimeOffset.UnixEpoch);
        var restore = await BackupFleet.Submit(
            acme, new { snapshot_id = SnapshotId, agent = agent.Name, target_dir = $"/{Mark}" }, "/v1/restores");
        await Eventually.True(async () => (await BackupFleet.Items(acme, "/v1/alerts")).Count > 0, "its snapshot is too old");
        var alert = (await BackupFleet.Items(acme, "/v1/alerts"))[0].GetProperty("alert_id").GetString()!;
        string[] things = [Mark, repository, group, SnapshotId, restore, alert];

        var asked = 0;
        foreach (var (method, route) in Routes())
        {
            foreach (var path in things.Select(thing => Fill(route, thing)).Distinct())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method is "POST" or "PUT" or "PATCH")
                    request.Content = JsonContent.Create(new { });
                using var answer = await beta.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var where = $"{method} {path} answered {(int)answer.StatusCode}";
                if (path != route)
                    answer.IsSuccessStatusCode.ShouldBeFalse(where);
                ((int)answer.StatusCode).ShouldBeLessThan(500, where);
                if (answer.Content.Headers.ContentType?.MediaType?.Contains("json") == true)
                    (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Mark, customMessage: where);
                asked++;
            }
        }

        asked.ShouldBeGreaterThan(100);
        foreach (var (path, body, field) in ((string, object, string)[])
        [
            ("/v1/source-groups", new { name = "b", agent = agent.Name, repository = Mark, includes = new[] { "/" } }, "repository"),
            ("/v1/backups", new { kind = "backup", source_group = Mark }, "source_group"),
            ("/v1/backups", new { kind = "prune", repository, agent = agent.Name }, "repository"),
            ("/v1/restores", new { snapshot_id = SnapshotId, agent = agent.Name, target_dir = "/tmp/x" }, "snapshot_id"),
        ])
        {
            using var answer = await beta.PostAsJsonAsync(path, body);
            (await answer.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        }

        foreach (var path in (string[])
            [$"/v1/repositories/{Mark}", $"/v1/source-groups/{Mark}", $"/v1/restores/{restore}", $"/v1/snapshots/{SnapshotId}", $"/v1/alerts/{alert}"])
        {
            using var still = await acme.GetAsync(path);
            (await still.Content.ReadAsStringAsync()).ShouldContain(Mark, customMessage: path);
        }
    }

    [Fact]
    public async Task Reading_needs_one_scope_and_everything_else_another()
    {
        using var reader = await fleet.Tenant("scopes", "backups:read");
        using var manager = await fleet.Tenant("scopes", "backups:manage");
        using var stranger = await fleet.Tenant("scopes", "jobs:read", "jobs:create", "schedules:create");
        foreach (var (method, route) in Routes())
        {
            var path = Fill(route, "nothing-of-this-name");
            foreach (var (by, may) in ((HttpClient, bool)[])[(stranger, false), (reader, method == "GET" || route.EndsWith("/search", StringComparison.Ordinal)), (manager, method != "GET")])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method is "POST" or "PUT" or "PATCH")
                    request.Content = JsonContent.Create(new { });
                using var answer = await by.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                if (!may && by != manager)
                    ((int)answer.StatusCode).ShouldBe(403, $"{method} {path}");
                if (may && !route.EndsWith("/search", StringComparison.Ordinal))
                    ((int)answer.StatusCode).ShouldNotBe(403, $"{method} {path}");
            }
        }
    }

    [Fact]
    public async Task Restores_are_listed_and_shown_by_themselves()
    {
        using var by = await fleet.Tenant("restoring");
        await using var agent = await fleet.BackupAgent();
        var (repository, _) = await BackupFleet.Create(by, "restored", agent.Name);
        var snapshot = SnapshotId.Replace("ac3e", "be5e", StringComparison.Ordinal);
        await BackupFleet.Tell(agent, repository, snapshot, "restored", DateTimeOffset.UnixEpoch);
        var backup = await BackupFleet.Submit(by, new { kind = "backup", source_group = "restored" });
        var restore = await BackupFleet.Submit(
            by, new { snapshot_id = snapshot, agent = agent.Name, target_dir = "/tmp/<job-id>", paths = new[] { "/somewhere/a" } }, "/v1/restores");
        (await BackupFleet.Items(by, "/v1/restores")).Select(one => one.GetProperty("backup_id").GetString()).ShouldBe([restore]);
        (await BackupFleet.Items(by, "/v1/restores?state=succeeded")).ShouldBeEmpty();
        (await BackupFleet.Items(by, "/v1/restores?kind=backup")).ShouldBeEmpty();
        (await BackupFleet.Items(by, $"/v1/restores?agent={agent.Name}")).Count.ShouldBe(1);
        using var shown = await by.GetAsync($"/v1/restores/{restore}");
        var view = await shown.Json(200);
        (view.GetProperty("kind").GetString(), view.GetProperty("target_dir").GetString()).ShouldBe(("restore", $"/tmp/{restore}"));
        using var other = await by.GetAsync($"/v1/restores/{backup}");
        await other.Problem(404, "not_found");
    }

    private IEnumerable<(string Method, string Route)> Routes() =>
        from route in fleet.Routes
        let path = "/" + route.RoutePattern.RawText!.Trim('/')
        where Array.Exists(Families, family => path == family || path.StartsWith(family + "/", StringComparison.Ordinal))
        where !path.EndsWith("/events", StringComparison.Ordinal) && route.Metadata.GetMetadata<RequiredScope>() is not null
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        orderby method == "DELETE", path
        select (method, path);

    private static string Fill(string route, string thing) => Regex.Replace(route, @"\{[^}]*\}", Uri.EscapeDataString(thing));
}
