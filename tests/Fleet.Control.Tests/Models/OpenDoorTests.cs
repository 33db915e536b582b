using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Models.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Models;

public sealed class OpenDoorTests(ModelDoor door) : IClassFixture<ModelDoor>
{
    private const string Body = """{"model": "echo", "messages": []}""";

    [Theory]
    [InlineData(200, "Fleet-Caller: 127.0.0.1")]
    [InlineData(200, "Fleet-Caller: ::1")]
    [InlineData(200, "Fleet-Caller: ::ffff:127.0.0.1")]
    [InlineData(200, "Fleet-Caller: 127.0.0.1", "X-Forwarded-Host: gpu-box:8080")]
    [InlineData(200, "Fleet-Caller: 127.0.0.1", "X-Forwarded-Host: [::1]:8080")]
    [InlineData(401)]
    [InlineData(401, "X-Forwarded-For: 127.0.0.1")]
    [InlineData(401, "Fleet-Caller: 10.0.0.1")]
    [InlineData(401, "Fleet-Caller: localhost")]
    [InlineData(401, "Fleet-Caller: 127.0.0.1;proxied")]
    [InlineData(401, "Fleet-Caller: 127.0.0.1, 127.0.0.2")]
    [InlineData(401, "Fleet-Caller: 127.0.0.1", "Authorization: Bearer wrong")]
    [InlineData(401, "Fleet-Caller: 127.0.0.1", "Origin: http://evil.example")]
    [InlineData(401, "Fleet-Caller: 127.0.0.1", "Sec-Fetch-Site: cross-site")]
    [InlineData(401, "Fleet-Caller: 127.0.0.1", "X-Forwarded-Host: evil.example")]
    public async Task Only_programs_of_an_open_network_need_no_key(int status, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tags");
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header[(header.IndexOf(':') + 2)..]);
        using var stranger = door.Client();
        using var answer = await stranger.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Who_needs_no_key_may_submit_and_read_what_is_his_and_nothing_else()
    {
        using var stranger = door.Client();
        stranger.DefaultRequestHeaders.Add("Fleet-Caller", "127.0.0.1");
        var call = await door.Taken(() => door.Post("/api/chat", Body, stranger));
        await call.End("ok");
        using var answer = await call.Answer.Within();
        (await door.House.Job(call.Job)).Tenant.ShouldBe("open");
        var id = Fleet.Protocol.Ids.WireId.Format(call.Job);
        ((int)(await stranger.GetAsync($"/jobs/{id}")).StatusCode).ShouldBe(200);
        ((int)(await stranger.DeleteAsync($"/jobs/{id}")).StatusCode).ShouldBe(403);
        ((int)(await stranger.GetAsync("/v1/models")).StatusCode).ShouldBe(401);
        ((int)(await stranger.GetAsync("/v1/api-keys")).StatusCode).ShouldBe(401);
        var theirs = await door.Taken(() => door.Post("/api/chat", Body));
        ((int)(await stranger.GetAsync($"/jobs/{Fleet.Protocol.Ids.WireId.Format(theirs.Job)}")).StatusCode).ShouldBe(404);
        await theirs.End("ok");
    }

    [Theory]
    [InlineData(true, "10.1.2.3", "10.1.0.0/16")]
    [InlineData(false, "127.0.0.1", "10.1.0.0/16")]
    [InlineData(false, "127.0.0.1", "none")]
    [InlineData(true, "10.1.2.3", "10.1.2.3")]
    public void Which_networks_are_open_is_set(bool open, string address, string network)
    {
        var settings = new OpenAccessSettings { Networks = [network] };
        settings.Validate(null!).ShouldBeEmpty();
        (new OpenDoor(settings, new CallerAddress(new EdgeSettings())).Admit(From(address, "127.0.0.1")) is not null).ShouldBe(open);
    }

    [Fact]
    public void Nobody_but_an_edge_is_believed()
    {
        var open = new OpenDoor(new OpenAccessSettings(), new CallerAddress(new EdgeSettings { Trusted = ["10.9.9.9"] }));
        open.Admit(From("127.0.0.1", "127.0.0.1")).ShouldBeNull();
        open.Admit(From("127.0.0.1", "10.9.9.9")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("10.0.0.0/99", "open")]
    [InlineData("somewhere", "open")]
    [InlineData("none", "No Tenant")]
    public void A_wrong_setting_is_refused(string network, string tenant) =>
        new OpenAccessSettings { Networks = [network], Tenant = tenant }.Validate(null!).ShouldHaveSingleItem();

    private static DefaultHttpContext From(string caller, string edge)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(edge);
        context.Request.Headers["Fleet-Caller"] = caller;
        context.Request.Host = new HostString("127.0.0.1");
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new OpenToNetworks()), "test"));
        return context;
    }
}
