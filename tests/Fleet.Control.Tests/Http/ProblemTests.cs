using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Http;

public sealed class ProblemTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task A_failure_inside_says_nothing_and_is_logged_under_its_trace_id()
    {
        var door = await house.Door();
        using var answer = await door.Http.GetAsync("/test/failing");
        var problem = await answer.Problem(500, "internal");
        problem.ToString().ShouldNotContain("secret");
        var trace = problem.GetProperty("trace_id").GetString()!;
        door.Log.Lines.ShouldContain(line => line.Contains(trace) && line.Contains("/test/failing"));
    }

    [Fact]
    public async Task A_stored_document_that_cannot_be_read_is_not_the_clients_fault()
    {
        using var answer = await (await house.Door()).Http.GetAsync("/test/misread");
        await answer.Problem(500, "internal");
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_with_a_time_to_come_back()
    {
        var door = await house.Door();
        using var away = await door.Http.GetAsync("/test/away");
        await away.Problem(503, "database_unavailable");
        away.Headers.RetryAfter.ShouldNotBeNull();
        using var crashed = await door.Http.GetAsync("/test/crashed");
        await crashed.Problem(503, "database_unavailable");
        using var conflict = await door.Http.GetAsync("/test/conflict");
        await conflict.Problem(503, "write_conflict");
        using var stopping = await door.Http.GetAsync("/test/stopping");
        await stopping.Problem(503, "stopping");
        using var slow = await door.Http.GetAsync("/test/slow");
        await slow.Problem(503, "timeout");
    }

    [Theory]
    [InlineData(400, "invalid_request")]
    [InlineData(404, "not_found")]
    [InlineData(409, "conflict")]
    [InlineData(415, "unsupported_media_type")]
    [InlineData(429, "too_many_requests")]
    [InlineData(503, "unavailable")]
    public async Task A_bare_status_becomes_a_problem(int status, string code)
    {
        using var answer = await (await house.Door()).Http.GetAsync($"/test/bare/{status}");
        await answer.Problem(status, code);
    }

    [Fact]
    public async Task Unknown_pages_and_methods_are_problems()
    {
        var door = await house.Door();
        using var page = await door.Http.GetAsync("/nowhere");
        await page.Problem(404, "not_found");
        using var admin = door.Admin();
        using var method = await admin.PutAsync("/v1/whoami", null);
        await method.Problem(405, "method_not_allowed");
        method.Content.Headers.Allow.ShouldBe(["GET"]);
    }

    [Fact]
    public async Task A_head_request_gets_the_status_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nowhere");
        using var answer = await (await house.Door()).Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_body_names_its_field_however_it_is_bound()
    {
        var door = await house.Door();
        foreach (var route in (string[])["/test/body", "/test/bound"])
        {
            using var answer = await door.Http.PostAsync(route, Json("""{"name":"x","command":{"args":["a",5]}}"""));
            var problem = await answer.Problem(400, "invalid_field");
            problem.Sentence("command.args[1]").ShouldBe("This must be text.");
            problem.GetProperty("detail").GetString().ShouldBe("command.args[1]: This must be text.");
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Another_content_type_is_415(string? type)
    {
        using var content = new ByteArrayContent("""{"name":"x"}"""u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var answer = await (await house.Door()).Http.PostAsync("/test/body", content);
        await answer.Problem(415, "unsupported_media_type");
    }

    /// <summary>As RFC 9110, 8.3.1 and 5.6.6 read them.</summary>
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("APPLICATION/JSON;CHARSET=UTF-8")]
    [InlineData("application/json ; charset=\"UTF-8\"")]
    [InlineData("application/json;charset=utf-8;odata=verbose")]
    [InlineData("application/json; profile=\"a; b\"")]
    [InlineData("Application/Merge-Patch+JSON")]
    public async Task Every_way_to_write_JSON_in_UTF8_is_read(string type)
    {
        using var content = new ByteArrayContent("""{"name":"x"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type).ShouldBeTrue();
        using var answer = await (await house.Door()).Http.PostAsync("/test/body", content);
        (await answer.Json(200)).GetProperty("name").GetString().ShouldBe("x");
    }

    [Theory]
    [InlineData("gzip", 415)]
    [InlineData("br, gzip", 415)]
    [InlineData("identity", 200)]
    public async Task A_compressed_body_is_refused_as_such(string coding, int status)
    {
        using var content = new ByteArrayContent("""{"name":"x"}"""u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        using var answer = await (await house.Door()).Http.PostAsync("/test/body", content);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(status == 415 ? "compressed" : "x");
        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("/test/page")]
    [InlineData("/test/any-key")]
    [InlineData("/test/endless")]
    [InlineData("/test/nothing")]
    public async Task HEAD_is_answered_as_GET_without_a_body(string path)
    {
        using var admin = (await house.Door()).Admin();
        using var get = await admin.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using var head = await admin.SendAsync(new HttpRequestMessage(HttpMethod.Head, path)).WaitAsync(TimeSpan.FromSeconds(30));
        head.StatusCode.ShouldBe(get.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        using var post = await admin.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/test/body"));
        post.StatusCode.ShouldBe(System.Net.HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task An_empty_body_is_400()
    {
        using var answer = await (await house.Door()).Http.PostAsync("/test/body", Json(""));
        await answer.Problem(400, "invalid_body");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_megabytes_are_413(bool chunked)
    {
        var body = new byte[10_000_000];
        Array.Fill(body, (byte)' ');
        using var request = new HttpRequestMessage(HttpMethod.Post, "/test/body") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await (await house.Door()).Http.SendAsync(request);
        await answer.Problem(413, "body_too_large");
    }

    [Fact]
    public async Task Eight_megabytes_are_read()
    {
        var name = new string('x', 8_000_000);
        using var answer = await (await house.Door()).Http.PostAsync("/test/body", Json($$"""{"name":"{{name}}"}"""));
        (await answer.Json(200)).GetProperty("name").GetString()!.Length.ShouldBe(name.Length);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_taken_for_whole()
    {
        var door = await house.Door();
        await Should.ThrowAsync<HttpRequestException>(() => door.Http.GetStringAsync("/test/broken"));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_is_no_error()
    {
        var door = await house.Door();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(door.Address.Host, door.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /test/body?leaver HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        }

        await Eventually.StaysTrue(
            () => !door.Log.Lines.Any(line => line.Contains("/test/body")),
            TimeSpan.FromMilliseconds(300),
            "the log says nothing of it");
    }

    [Fact]
    public async Task What_a_client_wrote_starts_no_line_in_the_log()
    {
        var door = await house.Door();
        using var answer = await door.Http.GetAsync("/test/failing?%0d%0aforged");
        await answer.Problem(500, "internal");
        Fleet.Control.Platform.Http.LogText.Clean("/a\r\nERROR forged\u2028x").ShouldBe("/a  ERROR forged x");
        Fleet.Control.Platform.Http.LogText.Clean(new string('x', 9000)).Length.ShouldBe(501);
    }

    [Fact]
    public async Task A_NUL_in_the_query_is_400()
    {
        using var answer = await (await house.Door()).Http.GetAsync("/test/page?name=%00");
        await answer.Problem(400, "invalid_request");
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
