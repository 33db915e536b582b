using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Freezes;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Access;

/// <summary>Two tenants' admins: neither sees, changes or gets hold of what is the other's, or the fleet's.</summary>
public sealed class TenantWallTests : IAsyncLifetime
{
    private const string Mark = "only-acmes-own";

    private readonly Fleet _fleet = new();
    private HttpClient _acme = null!;
    private HttpClient _beta = null!;

    public async Task InitializeAsync()
    {
        await _fleet.InitializeAsync();
        _acme = await _fleet.Tenant("acme");
        _beta = await _fleet.Tenant("beta");
    }

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task No_route_shows_one_tenant_what_is_the_others()
    {
        var things = await ThingsOfAcme();
        foreach (var (method, route) in _fleet.Routes())
        {
            foreach (var path in things.Select(thing => Fill(route, thing)).Distinct())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method is "POST" or "PUT" or "PATCH")
                    request.Content = JsonContent.Create(new { });
                using var answer = await _beta.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var where = $"{method} {path} answered {(int)answer.StatusCode}";
                if (path != route)
                    answer.IsSuccessStatusCode.ShouldBeFalse(where);
                if (answer.Content.Headers.ContentType?.MediaType?.Contains("json") == true)
                    (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Mark, customMessage: where);
            }
        }

        using var still = await _acme.GetAsync($"/v1/jobs/{things[0]}");
        (await still.Json(200)).GetProperty("state").GetString().ShouldBe("queued", "nobody touched it");
    }

    [Fact]
    public async Task What_is_the_fleets_is_closed_to_every_tenants_admin()
    {
        foreach (var path in (string[])["/v1/dead-letters", "/v1/retention", "/v1/agents/announcements"])
        {
            using var refused = await _beta.GetAsync(path);
            await refused.Problem(403, "forbidden");
            using var admin = await _fleet.Http.GetAsync(path);
            admin.IsSuccessStatusCode.ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task A_tenants_freeze_holds_its_own_work_only()
    {
        await using var agent = await _fleet.Agent(); // serves everybody
        using (var frozen = await _beta.PutAsJsonAsync("/v1/freezes/stop", new { reason = "beta's own" }))
            (await frozen.Json(200)).GetProperty("tenant").GetString().ShouldBe("beta");
        await Eventually.True(async () =>
        {
            var job = await Submit(_beta, new { kind = "noop" });
            return await Reason(_beta, job) == "frozen";
        }, "beta's work is held");
        var free = await Submit(_acme, new { kind = "noop" });
        (await Reason(_acme, free)).ShouldNotBe("frozen");
        using (var seen = await _acme.GetAsync("/v1/freezes"))
            (await seen.Json(200)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await _acme.DeleteAsync("/v1/freezes/stop")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await _beta.DeleteAsync("/v1/freezes/stop")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_agent_that_serves_all_is_only_the_default_tenants_to_manage()
    {
        await using var agent = await _fleet.Agent();
        using (var seen = await _beta.GetAsync($"/v1/agents/{agent.Name}"))
            (await seen.Json(200)).GetProperty("tenants").GetArrayLength().ShouldBe(0);
        foreach (var action in (string[])["drain", "resume", "token", "revocation"])
        {
            using var refused = await _beta.PostAsync($"/v1/agents/{agent.Name}/{action}", null);
            await refused.Problem(403, "forbidden");
        }

        using var deleted = await _beta.DeleteAsync($"/v1/agents/{agent.Name}");
        await deleted.Problem(403, "forbidden");
    }

    [Fact]
    public async Task A_tenant_enrols_agents_for_itself_alone()
    {
        using (var refused = await _beta.PostAsJsonAsync("/v1/agents/enrolments", new { tenants = new[] { "acme" } }))
            await refused.Problem(403, "forbidden");
        using (var all = await _beta.PostAsJsonAsync("/v1/agents/enrolments", new { tenants = Array.Empty<string>() }))
            await all.Problem(403, "forbidden");

        await using var shared = await _fleet.Agent();
        (await Enrol(_beta, shared.Name)).ShouldBe(409, "the name is another's agent");

        var own = _fleet.NewName();
        (await Enrol(_beta, own)).ShouldBe(201);
        using (var unseen = await _acme.GetAsync($"/v1/agents/{own}"))
            await unseen.Problem(404, "not_found");
        using (var seen = await _beta.GetAsync($"/v1/agents/{own}"))
            (await seen.Json(200)).GetProperty("tenants")[0].GetString().ShouldBe("beta");
        (await Enrol(_acme, own)).ShouldBe(409);
        (await Enrol(_beta, own)).ShouldBe(201, "its own comes back");
        using var drained = await _beta.PostAsync($"/v1/agents/{own}/drain", null);
        drained.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Work_goes_to_no_agent_that_serves_others()
    {
        var name = _fleet.NewName();
        (await Enrol(_beta, name)).ShouldBe(201);
        await using var agent = await _fleet.Agent(name);
        var job = await Submit(_acme, new { kind = "noop" });
        var meant = await Submit(_acme, new { kind = "noop", target = new { agent = name } });
        await Eventually.True(async () => await Reason(_acme, job) is "no_agents" or "no_agent_with_labels", "nobody serves acme");
        (await Reason(_acme, meant)).ShouldBe("agent_unknown");
        using var state = await _acme.GetAsync($"/v1/jobs/{job}");
        (await state.Json(200)).GetProperty("state").GetString().ShouldBe("queued");
    }

    private async Task<int> Enrol(HttpClient by, string name)
    {
        using var made = await by.PostAsJsonAsync("/v1/agents/enrolments", new { name });
        using var host = _fleet.With((await made.Json(201)).GetProperty("token").GetString());
        using var answer = await host.PostAsync($"/v1/agents/{name}/enrolment", null);
        return (int)answer.StatusCode;
    }

    /// <summary>Ids and names of all kinds of things; whatever can be named is named by the mark.</summary>
    private async Task<IReadOnlyList<string>> ThingsOfAcme()
    {
        var agent = _fleet.NewName();
        (await Enrol(_acme, agent)).ShouldBe(201);
        var things = new List<string>
        {
            await Submit(_acme, new { kind = "noop", name = Mark, labels = new { of = Mark }, target = new { agent } }),
            agent,
            Mark,
        };
        foreach (var (path, body, id) in (IEnumerable<(string, object, string)>)
        [
            ("/v1/api-keys", new { name = Mark, scopes = new[] { "jobs:read" } }, "key_id"),
            ("/v1/agents/enrolments", new { labels = new { of = Mark } }, "enrolment_id"),
            ("/v1/views", new { name = Mark, filter = $"name:{Mark}" }, "name"),
            ("/v1/webhooks", new { url = $"https://{Mark}.example/" }, "endpoint_id"),
            ("/v1/retention-rules", new { labels = new { of = Mark }, keep = "90d" }, "rule_id"),
        ])
        {
            using var made = await _acme.PostAsJsonAsync(path, body);
            if (made.IsSuccessStatusCode)
                things.Add(JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty(id).ToString());
        }

        using var frozen = await _acme.PutAsJsonAsync($"/v1/freezes/{Mark}", new { reason = Mark, kinds = new[] { "noop" } });
        frozen.IsSuccessStatusCode.ShouldBeTrue();
        await using var db = _fleet.House.Db();
        db.Add(new DeadLetter
        {
            Id = Guid.CreateVersion7(),
            Endpoint = Mark,
            Exchange = Mark,
            Reason = Mark,
            At = DateTimeOffset.UnixEpoch,
            Body = [1],
        });
        await db.SaveChangesAsync();
        return things;
    }

    private static async Task<string> Submit(HttpClient by, object job)
    {
        using var answer = await by.PostAsJsonAsync("/v1/jobs", job);
        return (await answer.Json(202)).GetProperty("job_id").GetString()!;
    }

    private static async Task<string?> Reason(HttpClient by, string job)
    {
        using var answer = await by.GetAsync($"/v1/jobs/{job}/explain");
        var text = (await answer.Json(200)).GetRawText();
        return ((string[])["frozen", "no_agents", "no_agent_with_labels", "agent_unknown"]).FirstOrDefault(
            code => text.Contains($"\"{code}\"", StringComparison.Ordinal));
    }

    private static string Fill(string route, string thing) =>
        System.Text.RegularExpressions.Regex.Replace(route, @"\{[^}]*\}", Uri.EscapeDataString(thing));

    /// <summary>With freezes beside the usual slices.</summary>
    private sealed class Fleet : TestFleet
    {
        private WebApplication? _app;

        public async Task<HttpClient> Tenant(string tenant)
        {
            using var answer = await Http.PostAsJsonAsync("/v1/api-keys", new { name = tenant, tenant, scopes = new[] { "admin" } });
            return With((await answer.Json(201)).GetProperty("key").GetString());
        }

        /// <summary>Every route that needs a key, as method and pattern.</summary>
        public IEnumerable<(string Method, string Route)> Routes() =>
            from route in ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            where route.Metadata.GetMetadata<IAllowAnonymous>() is null
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            let path = "/" + route.RoutePattern.RawText!.Trim('/')
            where (method, path) is not (("PUT", "/v1/freezes/{name}") or ("DELETE", "/v1/agents/{name}/pending")) // about the caller's own
            where !path.EndsWith("/events", StringComparison.Ordinal) && !path.EndsWith("/export", StringComparison.Ordinal)
            orderby path != "/v1/audit", method == "DELETE", path // later on, the audit has what the caller itself asked for
            select (method, path);

        protected override void AddMore(IHostApplicationBuilder builder) => builder.AddFreezes();

        protected override void MapMore(WebApplication app)
        {
            app.MapFreezes();
            _app ??= app;
        }
    }
}
