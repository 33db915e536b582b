using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Chat;
using Fleet.Control.Platform.Http;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Tests.Chat.Support;

/// <summary>A whole Control with chats. The agent is the test.</summary>
public class ChatFleet : TestFleet
{
    protected override (string Key, string Value)[] Settings { get; } =
    [
        ("Webhooks:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:PollSeconds", "0.05"), ("Webhooks:CacheSeconds", "0.05"),
        ("Chat:CleanupSeconds", "1"),
    ];

    /// <summary>Another Control, with these settings beside those of the first.</summary>
    public Task<HttpClient> Another(params (string Key, string Value)[] settings) => Control([.. Settings, .. settings]);

    /// <summary>Another user, of the same tenant.</summary>
    public Task<HttpClient> User() => WithScopes("chat:read", "chat:create", "chat:update", "jobs:read");

    public async Task<string> Conversation(object? wanted = null, HttpClient? by = null) =>
        (await Tell("/v1/conversations", 201, wanted, by)).GetProperty("conversation_id").GetString()!;

    /// <summary>The turn.</summary>
    public async Task<JsonElement> Ask(string conversation, object question, HttpClient? by = null) =>
        await Tell($"/v1/conversations/{conversation}/turns", 202, question, by);

    public async Task<JsonElement> Tell(string path, int status, object? body = null, HttpClient? by = null)
    {
        using var answer = await (by ?? Http).PostAsJsonAsync(path, body ?? new { });
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public static async Task<JsonElement> Get(HttpClient by, string path)
    {
        using var answer = await by.GetAsync(path);
        return await answer.Json(200);
    }

    /// <summary>With an upstream that is called as the agent.</summary>
    internal async Task<ChatAgent> ChatAgent(string protocol = "aichat", params string[] models)
    {
        var agent = new ChatAgent(
            await Agent(slots: new Dictionary<string, int> { ["inference"] = 2, ["embedding"] = 1 }), protocol, models);
        await agent.Offer(isReachable: true);
        return agent;
    }

    protected override void AddMore(IHostApplicationBuilder builder)
    {
        builder.AddChat();
        builder.AddSchedules();
        builder.AddFleetOpenApi();
    }

    protected override void MapMore(WebApplication app)
    {
        app.MapChat();
        app.MapSchedules();
        app.MapFleetOpenApi();
    }
}

/// <summary>An agent with an upstream; the test says what it says.</summary>
internal sealed class ChatAgent(TestAgent agent, string protocol, string[] models) : IAsyncDisposable
{
    private long _number;

    public string Name => agent.Name;

    /// <summary>The first of its models.</summary>
    public string Model => models[0];

    public TestAgent Raw => agent;

    public Task Offer(bool isReachable) => agent.Say(new AgentUpstreams(
        agent.Name, agent.Session, ++_number,
        [new UpstreamReport(Name, protocol, isReachable, 2, 1, [.. models.Select(model => new UpstreamModel(model))], [])]));

    public async Task<(RunAttempt Run, TurnSpec Spec)> Begin()
    {
        var run = await agent.NextRun();
        await agent.Deliver(new AttemptReport(run.WorkId, TurnSpec.Kind, run.Attempt, Started: true));
        return (run, SpecJson.Read<TurnSpec>(run.SpecJson));
    }

    public Task Say(RunAttempt run, string text, string stream = "content") => agent.Deliver(new AttemptReport(
        run.WorkId, TurnSpec.Kind, run.Attempt, Output: [new OutputChunk(stream, System.Text.Encoding.UTF8.GetBytes(text))]));

    public Task End(RunAttempt run, TurnResult result) => End(
        run, new AttemptResult(AttemptOutcome.Succeeded, ResultJson: JsonSerializer.Serialize(result, FleetJson.Options)));

    public Task End(RunAttempt run, AttemptResult result) =>
        agent.Deliver(new AttemptReport(run.WorkId, TurnSpec.Kind, run.Attempt, Finished: result));

    /// <summary>The next turn that it is given, answered at once.</summary>
    public async Task<TurnSpec> Answer(string text)
    {
        var (run, spec) = await Begin();
        await Say(run, text);
        await End(run, new TurnResult(text, Name, Streamed: true, InputTokens: 5, OutputTokens: 7, FirstTokenMs: 1, TotalMs: 2));
        return spec;
    }

    public async ValueTask DisposeAsync()
    {
        await Offer(isReachable: false);
        await agent.DisposeAsync();
    }
}
