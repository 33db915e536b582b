using Fleet.Contracts.Agents;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;
using RabbitMQ.Client;

namespace Fleet.Control.Tests.Agents;

/// <summary>One login and a raw client that says whatever it can: the others do not notice.</summary>
public sealed class AgentFloodTests : IAsyncLifetime
{
    private readonly Fleet _fleet = new();

    public Task InitializeAsync() => _fleet.InitializeAsync();

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task An_agent_that_floods_is_cut_off_and_the_others_are_heard()
    {
        await using var flooding = await _fleet.Agent();
        await using var quiet = await _fleet.Agent();
        var (user, password) = (flooding.Login.User, flooding.Login.Password);
        await using var raw = await _fleet.Connect(user, password);
        await using var channel = await raw.CreateChannelAsync();
        try
        {
            for (var i = 0; i < 5000; i++)
                await channel.BasicPublishAsync(AgentAddress.Out(flooding.Name), "", false, new BasicProperties(), new byte[] { 1, 2, 3 });
        }
        catch (Exception) when (!raw.IsOpen)
        {
            // cut off in the middle of it
        }

        await Eventually.True(async () => !await _fleet.MayConnect(user, password), "its login is gone");
        using (var refused = await flooding.TryRegister())
        {
            await refused.Problem(429, "agent_floods");
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        await quiet.Beat();
        await Eventually.True(async () =>
        {
            using var seen = await _fleet.Http.GetAsync($"/v1/agents/{quiet.Name}");
            return (await seen.Json(200)).GetProperty("state").GetString() == "online";
        }, "the other is heard");
        _fleet.Log.Lines.ShouldContain(line => line.Contains($"Agent {flooding.Name} says far more than one may", StringComparison.Ordinal));
        var letters = await _fleet.Get("/v1/dead-letters?limit=200");
        letters.GetProperty("items").GetArrayLength().ShouldBeLessThan(50);
    }

    private sealed class Fleet : TestFleet
    {
        protected override (string Key, string Value)[] Settings =>
            [("Broker:MessagesPerSecond", "20"), ("Broker:MessagesAtOnce", "200"), ("Broker:FloodSeconds", "600")];
    }
}
