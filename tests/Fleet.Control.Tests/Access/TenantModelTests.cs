using System.Net.Http.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Models;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Access;

/// <summary>Models of an agent that serves some tenants: for the others they are not there, whichever wire asks.</summary>
public sealed class TenantModelTests : IAsyncLifetime
{
    private readonly Fleet _fleet = new();

    public Task InitializeAsync() => _fleet.InitializeAsync();

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Every_wire_shows_a_tenant_the_models_that_its_work_can_reach()
    {
        using var acme = await _fleet.Tenant("acme");
        using var beta = await _fleet.Tenant("beta");
        await using var shared = await _fleet.Agent(slots: new() { ["inference"] = 1 });
        var name = _fleet.NewName();
        using (var made = await acme.PostAsJsonAsync("/v1/agents/enrolments", new { name }))
        {
            using var host = _fleet.With((await made.Json(201)).GetProperty("token").GetString());
            using var entered = await host.PostAsync($"/v1/agents/{name}/enrolment", null);
            await entered.Json(201);
        }

        await using var own = await _fleet.Agent(name, slots: new() { ["inference"] = 1 });
        await own.Say(Told(own, "secret:1b", "both:1b"));
        await shared.Say(Told(shared, "common:1b", "both:1b"));
        await Eventually.True(async () => await OpenAi(acme) == "both:1b common:1b secret:1b", "acme has all three");

        foreach (var other in (HttpClient[])[beta, _fleet.Http])
        {
            (await OpenAi(other)).ShouldBe("both:1b common:1b");
            (await Ollama(other, "/api/tags")).ShouldBe("both:1b common:1b");
            (await Ollama(other, "/api/ps")).ShouldBe("both:1b common:1b");
            using var shown = await other.GetAsync("/v1/models/secret:1b");
            ((int)shown.StatusCode).ShouldBe(404);
            using var details = await other.PostAsJsonAsync("/api/show", new { model = "secret:1b" });
            ((int)details.StatusCode).ShouldBe(404);
            using var asked = await other.PostAsJsonAsync("/api/chat", new { model = "secret:1b", messages = Array.Empty<object>() });
            ((int)asked.StatusCode).ShouldBe(404);
        }

        (await Ollama(acme, "/api/tags")).ShouldBe("both:1b common:1b secret:1b");
        using var seen = await acme.GetAsync("/v1/models/secret:1b");
        ((int)seen.StatusCode).ShouldBe(200);
        using var hidden = await beta.GetAsync("/v1/models/secret:1b"); // what acme found is remembered for acme alone
        ((int)hidden.StatusCode).ShouldBe(404);
    }

    private static AgentUpstreams Told(TestAgent agent, params string[] models) => new(
        agent.Name,
        agent.Session,
        1,
        [new UpstreamReport("one", "ollama", true, 1, 4, [.. models.Select(model => new UpstreamModel(model))], models)]);

    private static async Task<string> OpenAi(HttpClient by)
    {
        using var answer = await by.GetAsync("/v1/models");
        return string.Join(' ', (await answer.Json(200)).GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id")));
    }

    private static async Task<string> Ollama(HttpClient by, string path)
    {
        using var answer = await by.GetAsync(path);
        return string.Join(' ', (await answer.Json(200)).GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name")));
    }

    private sealed class Fleet : TestFleet
    {
        protected override (string Key, string Value)[] Settings => [("Dispatch:ModelSearchSeconds", "0.2")];

        public async Task<HttpClient> Tenant(string tenant)
        {
            using var answer = await Http.PostAsJsonAsync("/v1/api-keys", new { name = tenant, tenant, scopes = new[] { "admin" } });
            return With((await answer.Json(201)).GetProperty("key").GetString());
        }

        protected override void AddMore(IHostApplicationBuilder builder) => builder.AddModels();

        protected override void MapMore(WebApplication app) => app.MapModels();
    }
}
