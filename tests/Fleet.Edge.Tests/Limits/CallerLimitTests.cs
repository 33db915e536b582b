using System.Net;
using System.Net.Http.Headers;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Limits;

public sealed class CallerLimitTests
{
    [Fact]
    public async Task Each_key_has_its_own_allowance_and_each_address_without_a_key()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address], ("Edge:RequestsPerSecond", "1"));
        foreach (var key in (string?[])["a", "b", null])
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Ask(door, key)));
            answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBeInRange(1, 39);
            var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
            await refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_caller_that_waited_is_served_again()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address], ("Edge:RequestsPerSecond", "1"));
        await Eventually.True(async () => (await Ask(door, "a")).StatusCode == HttpStatusCode.TooManyRequests, "it has had its share");
        await Eventually.True(async () => (await Ask(door, "a")).StatusCode == HttpStatusCode.OK, "it is served again");
    }

    [Fact]
    public async Task Zero_means_no_limit()
    {
        await using var control = await Backend.Start(Judge);
        await using var door = new Door(
            [control.Address], ("Edge:RequestsPerSecond", "0"), ("Edge:RefusalsPerSecond", "0"));
        for (var i = 0; i < 300; i++)
            (await Ask(door, i % 2 == 0 ? "good" : "bad")).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Wrong_keys_are_held_back_by_address_and_good_ones_are_not()
    {
        await using var control = await Backend.Start(Judge);
        await using var door = new Door([control.Address], ("Edge:RefusalsPerSecond", "3"), ("Edge:LooksAtOnce", "0"));
        (await Ask(door, "good")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++)
            statuses.Add((await Ask(door, $"bad{i}")).StatusCode);
        statuses[0].ShouldBe(HttpStatusCode.Unauthorized);
        statuses.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBeGreaterThan(20);
        (await Ask(door, "good")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_good_key_that_is_new_gets_through_among_its_neighbours_wrong_ones()
    {
        await using var control = await Backend.Start(Judge);
        await using var door = new Door([control.Address], ("Edge:RefusalsPerSecond", "1"), ("Edge:LookSeconds", "1"), ("Edge:LooksAtOnce", "2"));
        for (var i = 0; i < 3; i++)
            await Ask(door, $"first{i}");
        var wrong = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Ask(door, $"bad{number}")));
        wrong.ShouldContain(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        wrong.ShouldContain(answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        (await Ask(door, "good")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> Ask(Door door, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return door.Http.SendAsync(request);
    }

    private static Task Judge(HttpContext http)
    {
        http.Response.StatusCode = http.Request.Headers.Authorization == "Bearer good" ? 200 : 401;
        return Task.CompletedTask;
    }
}
