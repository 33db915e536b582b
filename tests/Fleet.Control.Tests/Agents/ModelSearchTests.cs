using System.Net;
using System.Net.Http.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Models;
using Fleet.Control.Tests.Agents.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>A model that nobody is known to have is asked for, with two Controls, over the real broker.</summary>
public sealed class ModelSearchTests(ModelSearchTests.Patient fleet) : IClassFixture<ModelSearchTests.Patient>
{
    [Fact]
    public async Task Many_who_miss_a_model_share_one_search_and_all_find_it()
    {
        using var other = await fleet.Control();
        await using var agent = await fleet.Agent(slots: new() { ["inference"] = 1 });
        await agent.Say(Told(agent, 1, [], "old"));
        var directory = fleet.Services.GetRequiredService<IModelDirectory>();
        await Eventually.True(async () => (await directory.List(Tenants.Default, default)).Any(model => model.Name == "old"), "the old one is known");

        var found = Enumerable.Range(0, 50).Select(_ => directory.Find("new", Tenants.Default, default)).ToList();
        LookAgain? look = null;
        await Eventually.True(() => agent.Looks.TryDequeue(out look), "it is asked to look");
        await agent.Say(Told(agent, 2, [look!.Ask], "old", "new"));
        (await Task.WhenAll(found)).ShouldAllBe(model => model != null && model.Agents.Single() == agent.Name);
        agent.Looks.ShouldBeEmpty();
        await Eventually.True(async () => (await Show(other, agent.Name)) == "old new", "the other Control knows it too");
    }

    [Fact]
    public async Task Nobody_waits_long_for_an_agent_that_does_not_answer()
    {
        await using var agent = await fleet.Agent(slots: new() { ["inference"] = 1 });
        var found = fleet.Services.GetRequiredService<IModelDirectory>().Find("nowhere", Tenants.Default, default);
        (await found.Within()).ShouldBeNull();
    }

    [Fact]
    public async Task An_agent_speaks_for_no_other()
    {
        await using var agent = await fleet.Agent(slots: new() { ["inference"] = 1 });
        await using var forger = await fleet.Agent();
        await forger.Say(new AgentUpstreams(
            agent.Name, agent.Session, 5, [new UpstreamReport("one", "ollama", true, 1, 1, [new UpstreamModel("false")], [])]));
        await forger.Say(Told(forger, 1, [], "true"));
        await Eventually.True(async () => await Show(fleet.Http, forger.Name) == "true", "what it says of itself is heard");
        (await Show(fleet.Http, agent.Name)).ShouldBe("");
    }

    [Fact]
    public async Task A_submission_for_an_unknown_model_is_accepted_and_explained()
    {
        await using var agent = await fleet.Agent(slots: new() { ["inference"] = 1 });
        var job = await fleet.Submit(new
        {
            kind = "inference",
            target = new { agent = agent.Name },
            inference = new { model = "unknown", messages = new[] { new { role = "user", content = "x" } } },
        });
        var reasons = (await fleet.Get($"/v1/jobs/{job}/explain")).GetProperty("reasons");
        reasons[0].GetProperty("code").GetString().ShouldBe("no_model");

        await agent.Say(Told(agent, 1, [], "unknown:latest"));
        var run = await agent.NextRun();
        (run.Upstream, SpecJson.Read<InferenceSpec>(run.SpecJson).Model).ShouldBe(("one", "unknown"));
        var shown = await fleet.Get($"/v1/jobs/{job}");
        (shown.GetProperty("model").GetString(), shown.GetProperty("upstream").GetString()).ShouldBe(("unknown", "one"));
    }

    private static AgentUpstreams Told(TestAgent agent, long number, Guid[] answers, params string[] models) => new(
        agent.Name,
        agent.Session,
        number,
        [new UpstreamReport("one", "ollama", true, 1, 4, [.. models.Select(model => new UpstreamModel(model))], [])],
        answers);

    private static async Task<string> Show(HttpClient http, string agent)
    {
        using var answer = await http.GetAsync($"/v1/agents/{agent}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var view = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        return string.Join(' ', view.GetProperty("upstreams").EnumerateArray()
            .SelectMany(upstream => upstream.GetProperty("models").EnumerateArray())
            .Select(model => model.GetProperty("name").GetString()));
    }

    /// <summary>Agents of a slow machine are waited for.</summary>
    public sealed class Patient : TestFleet
    {
        protected override (string Key, string Value)[] Settings => [("Dispatch:ModelSearchSeconds", "10")];
    }
}
