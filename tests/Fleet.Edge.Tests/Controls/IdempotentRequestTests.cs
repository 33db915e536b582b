using System.Net;
using Fleet.Edge.Tests.Support;

namespace Fleet.Edge.Tests.Controls;

/// <summary>Requests whose Control goes away before it answers.</summary>
public sealed class IdempotentRequestTests
{
    [Theory]
    [InlineData("once", 1000, HttpStatusCode.OK)]
    [InlineData("once", 900_000, HttpStatusCode.OK)]
    [InlineData("once", 3_000_000, HttpStatusCode.BadGateway)]
    [InlineData(null, 1000, HttpStatusCode.BadGateway)]
    public async Task What_has_an_idempotency_key_is_sent_to_another_with_its_whole_body(string? key, int length, HttpStatusCode status)
    {
        await using var leaves = await Backend.Start(async http =>
        {
            _ = await http.Request.Body.ReadAtLeastAsync(new byte[100], 100, throwOnEndOfStream: false);
            http.Abort();
        });
        await using var stays = await Backend.Start(http => http.Request.Body.CopyToAsync(http.Response.Body));
        await using var door = new Door([leaves.Address, stays.Address], ("Edge:ProbeSeconds", "60"));
        var body = new string('x', length);
        for (var i = 0; i < 20 && leaves.Requests.IsEmpty; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent(body) };
            if (key is not null)
                request.Headers.Add("Idempotency-Key", $"{key}-{i}");
            using var answer = await door.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(leaves.Requests.IsEmpty ? HttpStatusCode.OK : status);
            if (answer.IsSuccessStatusCode)
                (await answer.Content.ReadAsStringAsync()).ShouldBe(body);
        }

        leaves.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Leave_to_send_a_body_is_Controls_to_give()
    {
        await using var control = await Backend.Start(async http =>
        {
            if (http.Request.Headers.Authorization.Count == 0)
                http.Response.StatusCode = 401;
            else
                await http.Request.Body.CopyToAsync(http.Response.Body);
        });
        await using var door = new Door([control.Address], ("Edge:ConnectSeconds", "60")); // so long Control's leave is waited for
        var head = $"POST /v1/jobs HTTP/1.1\r\nHost: {door.Address.Authority}\r\nExpect: 100-continue\r\nConnection: close\r\n";
        foreach (var length in (int[])[5000, 1024, 5])
        {
            var refused = await RawHttp.Ask(door.Address, head + $"Content-Length: {length}\r\n\r\n");
            refused.ShouldStartWith("HTTP/1.1 401");
        }

        var repeatable = await RawHttp.Ask(door.Address, head + "Content-Length: 5\r\nIdempotency-Key: k\r\n\r\n");
        repeatable.ShouldStartWith("HTTP/1.1 401");
        var taken = await RawHttp.Ask(door.Address, head + "Content-Length: 5\r\nAuthorization: x\r\n\r\nhello");
        taken.ShouldContain("HTTP/1.1 200");
        taken.ShouldContain("hello");
    }
}
