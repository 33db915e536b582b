using System.Net;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Limits;

public sealed class BodyLimitTests
{
    private static readonly (string, string)[] Small =
        [("Edge:MaxBodyBytes", "1000"), ("Edge:MaxArtifactBytes", "50000000")];

    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_refused_before_it_is_passed_on()
    {
        await using var control = await Backend.Start(Count);
        await using var door = new Door([control.Address], Small);
        var answer = await door.Http.PostAsync("/v1/jobs", new ByteArrayContent(new byte[1001]));
        await answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        control.Requests.ShouldBeEmpty();
        answer = await door.Http.PostAsync("/v1/jobs", new ByteArrayContent(new byte[1000]));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("1000");
    }

    [Fact]
    public async Task A_client_that_sends_all_before_it_reads_sees_the_answer()
    {
        await using var control = await Backend.Start(Count);
        await using var door = new Door([control.Address], Small);
        var body = new string('x', 10_000_000);
        var head = $"POST /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n";
        for (var i = 0; i < 20; i++)
        {
            var answer = await RawHttp.Ask(door.Address, head + body);
            answer.ShouldStartWith("HTTP/1.1 413");
        }
    }

    [Fact]
    public async Task A_body_of_unknown_size_is_cut_at_the_limit()
    {
        await using var control = await Backend.Start(Count);
        await using var door = new Door([control.Address], Small);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs");
        request.Content = new ByteArrayContent(new byte[200_000]);
        request.Headers.TransferEncodingChunked = true;
        var answer = await door.Http.SendAsync(request);
        await answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task An_artifact_may_be_larger()
    {
        await using var control = await Backend.Start(Count);
        await using var door = new Door([control.Address], Small);
        const string path = "/v1/attempts/01J/1/artifacts/deep/model.bin";
        var answer = await door.Http.PutAsync(path, new ByteArrayContent(new byte[20_000_000]));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("20000000");
        answer = await door.Http.PostAsync(path, new ByteArrayContent(new byte[1001]));
        await answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    private static async Task Count(HttpContext http)
    {
        var buffer = new byte[64 * 1024];
        long total = 0;
        for (int read; (read = await http.Request.Body.ReadAsync(buffer)) > 0; total += read)
        {
        }

        await http.Response.WriteAsync($"{total}");
    }
}
