using Fleet.Contracts.Agents;
using Fleet.EchoModel;
using Fleet.Worker.Agents;
using Fleet.Worker.Platform.Upstreams;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Agents;

/// <summary>An agent says what its upstreams have: when it comes, when that changes, and when it is asked.</summary>
public sealed class UpstreamWatchTests : IAsyncLifetime, IDisposable
{
    private EchoServer _echo = null!;
    private AgentParts _agent = null!;
    private UpstreamWatch _watch = null!;

    public async Task InitializeAsync()
    {
        _echo = await EchoServer.Start();
        _agent = new AgentParts(settings =>
        {
            settings.UpstreamLookSeconds = 3600;
            settings.UpstreamProbeSeconds = 0.1;
            settings.Upstreams["there"] = new UpstreamSettings { Url = _echo.Url + "/v1/", Generations = 2, Embeddings = 7 };
        });
        _watch = new UpstreamWatch(
            _agent.Upstreams, _agent.Session, _agent.Exchange, _agent.Settings, NullLogger<UpstreamWatch>.Instance);
        await _watch.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _watch.StopAsync(default);
        await _agent.DisposeAsync();
        await _echo.DisposeAsync();
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task It_tells_what_is_there_once_Control_has_answered()
    {
        _agent.Exchange.Waiting.ShouldBe(0);
        _agent.Enter();
        var told = await Told();

        told.Session.ShouldBe(_agent.Session.Id);
        told.Number.ShouldBe(1);
        var upstream = told.Upstreams.ShouldHaveSingleItem();
        upstream.Name.ShouldBe("there");
        upstream.Protocol.ShouldBe("ollama", "it was found out");
        upstream.IsReachable.ShouldBeTrue();
        (upstream.Generations, upstream.Embeddings).ShouldBe((2, 7));
        upstream.Models.Select(model => model.Name).ShouldBe(["echo:latest", "echo-small:latest", "echo-embed:latest"]);
        upstream.Models[0].DetailsJson.ShouldNotBeNull().ShouldContain("gguf");
    }

    [Fact]
    public async Task Who_asks_is_answered_by_the_next_look()
    {
        _agent.Enter();
        await Told();
        _echo.Models.Replace(["new"]);
        var ask = Guid.NewGuid();
        _watch.LookFor(ask);
        var told = await Told();

        told.Answers.ShouldBe([ask]);
        told.Number.ShouldBe(2);
        told.Upstreams[0].Models.ShouldHaveSingleItem().Name.ShouldBe("new:latest");
    }

    [Fact]
    public async Task An_upstream_that_is_away_is_looked_for_until_it_is_back()
    {
        await _echo.Down();
        _agent.Enter();
        var away = (await Told()).Upstreams[0];
        away.IsReachable.ShouldBeFalse();
        away.Error.ShouldNotBeNull().ShouldContain("cannot be reached");

        await _echo.Up();
        (await Told()).Upstreams[0].IsReachable.ShouldBeTrue();
    }

    private async Task<AgentUpstreams> Told() => (AgentUpstreams)(await _agent.Exchange.NextMessage()).Message;
}
