using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("abc-123_X.y", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("has space", false)]
    [InlineData("semi;colon", false)]
    [InlineData("<script>", false)]
    public async Task A_good_id_is_kept_and_any_other_replaced(string given, bool kept)
    {
        await using var control = await Backend.Start(http =>
        {
            http.Response.Headers["X-Request-Id"] = "control's own";
            return http.Response.WriteAsync("ok");
        });
        await using var door = new Door([control.Address]);
        foreach (var path in (string[])["/v1/jobs", "/nowhere", "/health/live"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("X-Request-Id", given);
            var answer = await door.Http.SendAsync(request);
            var answered = answer.Headers.GetValues("X-Request-Id").ShouldHaveSingleItem();
            if (kept)
                answered.ShouldBe(given);
            else
                answered.ShouldMatch("^[0-9a-f]{32}$");
            if (path == "/v1/jobs")
                control.Requests.Last().Headers["X-Request-Id"].ShouldBe(answered);
        }
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_replaced()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address]);
        (await Answered(new string('a', 128))).ShouldBe(new string('a', 128));
        (await Answered(new string('a', 129))).Length.ShouldBe(32);

        async Task<string> Answered(string given)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
            request.Headers.Add("X-Request-Id", given);
            return (await door.Http.SendAsync(request)).Headers.GetValues("X-Request-Id").Single();
        }
    }
}
