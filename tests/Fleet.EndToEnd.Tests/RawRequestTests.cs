using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>A raw client: what ordinary ones never send, and what they never look at.</summary>
[Collection(OneControl.Name)]
public sealed class RawRequestTests(OneControl fleet)
{
    [Theory]
    [InlineData("GET /v1/jobs HTTP/1.1\nHost: localhost\n\n")]
    [InlineData("GET /v1/jobs HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n")]
    [InlineData("GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX: y\n\r\n")]
    public async Task A_line_that_ends_without_CR_is_none(string request)
    {
        foreach (var port in (int[])[fleet.Scripts.Ports.Edge, fleet.Scripts.Ports.Control])
            (await FirstLine(port, request)).ShouldStartWith("HTTP/1.1 400");
    }

    [Theory]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/agents")]
    [InlineData("/v1/whoami")]
    [InlineData("/v1/no/such")]
    public async Task What_is_JSON_is_kept_by_nobody_and_taken_for_nothing_else(string path)
    {
        using var answer = await fleet.Client.Send(HttpMethod.Get, path);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Figures_of_Control_are_for_its_machine()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{fleet.Scripts.Ports.Control}"),
        };
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        http.DefaultRequestHeaders.Add("Fleet-Caller", "10.0.0.1");
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        http.DefaultRequestHeaders.Authorization = new("Bearer", fleet.Home.AdminKey);
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_large_announcement_needs_no_patience()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        using var body = new StringContent($$"""{"name":"{{new string('n', 100_000)}}"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/agents/announcements", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task<string> FirstLine(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync() ?? "";
    }
}
