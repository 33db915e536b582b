using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Controls;

public sealed class EscapedPathTests
{
    [Theory]
    [InlineData("/v1/jobs/1/artifacts/a%252Fb", "/v1/jobs/1/artifacts/a%252Fb")]
    [InlineData("/v1/jobs/1/artifacts/%2541", "/v1/jobs/1/artifacts/%2541")]
    [InlineData("/v1/jobs/1/artifacts/50%25?x=%25&y=a%2Bb", "/v1/jobs/1/artifacts/50%25?x=%25&y=a%2Bb")]
    [InlineData("/v1/jobs/1/artifacts/%C3%BC%20%25", "/v1/jobs/1/artifacts/%C3%BC%20%25")]
    [InlineData("/v1/%252e%252e/internal", "/v1/%252e%252e/internal")]
    [InlineData("/v1/%2525", "/v1/%2525")]
    [InlineData("/jobs/1%25/events", "/v1/jobs/1%25/events")]
    [InlineData("/jobs/1/events?a=%25", "/v1/jobs/1/events?a=%25")]
    public async Task A_path_reaches_Control_with_the_escapes_that_it_came_with(string sent, string arrived)
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        using var door = new Door([control.Address]);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(
            door.Address.ToString().TrimEnd('/') + sent, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var answer = await door.Http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        control.Requests.ShouldHaveSingleItem().Target.ShouldBe(arrived);
    }
}
