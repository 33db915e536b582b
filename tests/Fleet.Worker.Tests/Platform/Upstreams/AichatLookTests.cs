using Fleet.Contracts.Models;
using Fleet.EchoModel;
using Fleet.Worker.Platform;
using Fleet.Worker.Platform.Upstreams;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Platform.Upstreams;

/// <summary>What an upstream that speaks aichat says of itself.</summary>
public sealed class AichatLookTests
{
    [Theory]
    [InlineData("paliadin", "paliadin")]
    [InlineData("", "aichat")]
    public async Task Its_persona_is_its_model(string persona, string model)
    {
        await using var echo = await EchoServer.Start();
        using var upstream = Upstream(echo.Url, "aichat", persona);
        var report = await upstream.Look(default);

        report.IsReachable.ShouldBeTrue(report.Error);
        report.Protocol.ShouldBe("aichat");
        report.Models.ShouldHaveSingleItem().Name.ShouldBe(model);
        report.Loaded.ShouldBe([model]);
        report.Version.ShouldBe("0.0.0-echo");
        (await upstream.AnyModel(default)).ShouldBe(model);
    }

    [Theory]
    [InlineData("/chat/health", "{\"status\":\"ok\"}")]
    [InlineData("/chat/conversations", "[]")]
    public async Task It_is_found_out_by_asking(string known, string body)
    {
        await using var server = await FakeControl.Start();
        server.Answer = request => request.Target.StartsWith(known, StringComparison.Ordinal) ? (200, body) : (404, "not found");
        using var upstream = Upstream(server.Url, "", "");
        (await upstream.Look(default)).Protocol.ShouldBe("aichat");
    }

    [Fact]
    public async Task Nobody_who_knows_none_of_it_is_taken_for_it()
    {
        await using var server = await FakeControl.Start();
        server.Answer = _ => (200, "<html>welcome</html>");
        using var upstream = Upstream(server.Url, "", "");
        var report = await upstream.Look(default);
        report.IsReachable.ShouldBeFalse();
        report.Protocol.ShouldBeNull();
    }

    [Fact]
    public async Task It_answers_single_calls_too()
    {
        await using var calls = await ModelCalls.Start("aichat");
        var heard = await calls.Ask(ModelCalls.Chat("one two", "aichat"));
        heard.Content.ShouldBe("one two");
        heard.Answer.ShouldNotBeNull().Message.ShouldNotBeNull().Content.ShouldBe("one two");
        (await calls.Ask(new InferenceSpec("embed", "aichat", Input: ["x"]))).Result.ErrorCode.ShouldBe("upstream_refused");
    }

    private static Upstream Upstream(string url, string protocol, string persona) =>
        new("there", new UpstreamSettings { Url = url, Protocol = protocol, Persona = persona }, new Signal());
}
