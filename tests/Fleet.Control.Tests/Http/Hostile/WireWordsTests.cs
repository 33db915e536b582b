using System.Net;
using System.Text;

namespace Fleet.Control.Tests.Http.Hostile;

/// <summary>What no handler answers is refused in the shape that the clients of the path know.</summary>
public sealed class WireWordsTests(WholeControl fleet) : IClassFixture<WholeControl>
{
    [Theory]
    [InlineData("PATCH", "/api/jobs", null, "")]
    [InlineData("GET", "/api/jobs/x/kill", null, "")]
    [InlineData("POST", "/api/results", null, "")]
    [InlineData("GET", "/api/enrollment-tokens", "application/json", "{\"code\":\"method_not_allowed\",")]
    [InlineData("DELETE", "/api/hosts/web-1/jobs", "application/json", "{\"code\":\"method_not_allowed\",")]
    [InlineData("POST", "/api/jobs/01J/stream", "application/json", "{\"code\":\"method_not_allowed\",")]
    [InlineData("GET", "/api/chat", "application/json", "{\"error\":\"")]
    public async Task A_method_that_is_not_offered_is_refused_in_the_words_of_its_wire(string method, string path, string? type, string body)
    {
        using var answer = await fleet.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (answer.Content.Headers.ContentType?.MediaType).ShouldBe(type);
        var words = await answer.Content.ReadAsStringAsync();
        (type is null ? words == body : words.StartsWith(body, StringComparison.Ordinal)).ShouldBeTrue(words);
    }

    [Theory]
    [InlineData("/api/agents/enroll")]
    [InlineData("/api/enrollment-tokens")]
    [InlineData("/api/hosts/web-1/jobs")]
    public async Task What_is_no_JSON_is_refused_in_the_words_of_its_wire(string path)
    {
        using var answer = await fleet.Http.PostAsync(path, new StringContent("{}", Encoding.UTF8, "text/plain"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith("{\"code\":\"unsupported_media_type\",");
    }
}
