using System.Net;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Controls;

public sealed class AnotherControlTests
{
    [Fact]
    public async Task A_dead_Control_costs_no_request()
    {
        await using var alive = await Backend.Start(http => http.Response.WriteAsync("alive"));
        await using var door = new Door([NobodyThere(), alive.Address, NobodyThere()], ("Edge:ProbeSeconds", "60"));
        for (var i = 0; i < 50; i++)
        {
            (await door.Http.GetStringAsync("/v1/jobs")).ShouldBe("alive");
            var posted = await door.Http.PostAsync("/v1/jobs", new StringContent($"{i}"));
            posted.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_request_that_reached_nobody_arrives_elsewhere_with_its_whole_body()
    {
        await using var alive = await Backend.Start(http => http.Request.Body.CopyToAsync(http.Response.Body));
        var body = new string('x', 3_000_000);
        for (var i = 0; i < 5; i++)
        {
            await using var door = new Door([NobodyThere(), alive.Address], ("Edge:ProbeSeconds", "60"));
            var answer = await door.Http.PostAsync("/v1/jobs", new StringContent(body));
            (await answer.Content.ReadAsStringAsync()).ShouldBe(body);
        }
    }

    [Fact]
    public async Task Controls_that_die_and_come_back_under_load_fail_no_GET()
    {
        await using var stays = await Backend.Start(http => http.Response.WriteAsync("ok"));
        var leaves = await Backend.Start(http => http.Response.WriteAsync("ok"));
        var address = leaves.Address;
        await using var door = new Door([stays.Address, address]);
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 8).Select(_ => AskUntil(door, stop.Token)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            await Eventually.True(() => leaves.Requests.Count > 20, "the one that came back gets work again");
            await leaves.DisposeAsync();
            await More();
            leaves = await Backend.Start(http => http.Response.WriteAsync("ok"), address);
        }

        await Eventually.True(() => !leaves.Requests.IsEmpty, "the one that came back gets work again");
        await stop.CancelAsync();
        (await Task.WhenAll(asking)).Sum().ShouldBeGreaterThan(100);
        await leaves.DisposeAsync();

        Task More()
        {
            var before = stays.Requests.Count;
            return Eventually.True(() => stays.Requests.Count > before + 100, "the one that stays does all the work");
        }
    }

    [Fact]
    public async Task A_GET_whose_Control_breaks_off_is_asked_once_more_and_a_POST_is_not()
    {
        await using var breaks = await Backend.Start(Break);
        await using var breaksToo = await Backend.Start(Break);
        await using var third = await Backend.Start(Break);
        await using var door = new Door([breaks.Address, breaksToo.Address, third.Address]);
        await (await door.Http.GetAsync("/v1/jobs")).ShouldBeProblem(HttpStatusCode.BadGateway, "upstream_unavailable");
        (breaks.Requests.Count + breaksToo.Requests.Count + third.Requests.Count).ShouldBe(2);
        var posted = await door.Http.PostAsync("/v1/jobs", new StringContent("x"));
        await posted.ShouldBeProblem(HttpStatusCode.BadGateway, "upstream_unavailable");
        (breaks.Requests.Count + breaksToo.Requests.Count + third.Requests.Count).ShouldBe(3);

        static Task Break(HttpContext http)
        {
            http.Abort();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_GET_that_is_meant_for_another_Control_comes_to_that_one()
    {
        await using var first = await Backend.Start(Refuse);
        await using var second = await Backend.Start(Refuse);
        await using var meant = await Backend.Start(http => http.Response.WriteAsync("here"));
        await using (var door = new Door([first.Address, second.Address, meant.Address]))
        {
            for (var i = 0; i < 10; i++)
                (await door.Http.GetStringAsync("/v1/agents/a/tunnels/b")).ShouldBe("here");
        }

        (first.Requests.Count + second.Requests.Count).ShouldBeGreaterThan(0);
        await using var alone = new Door([first.Address, second.Address]);
        var refused = await alone.Http.GetAsync("/v1/agents/a/tunnels/b");
        await refused.ShouldBeProblem(HttpStatusCode.MisdirectedRequest, "misdirected_request");

        static Task Refuse(HttpContext http)
        {
            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return http.Response.WriteAsync("not here");
        }
    }

    [Fact]
    public async Task Nobody_there_is_said_with_a_time_to_come_back()
    {
        await using var door = new Door([NobodyThere(), NobodyThere()]);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete])
        {
            using var request = new HttpRequestMessage(method, "/v1/jobs");
            var answer = await door.Http.SendAsync(request);
            await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "upstream_unavailable");
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_a_time_out()
    {
        await using var control = await Backend.Start(http => Eventually.Silence(http.RequestAborted));
        await using var door = new Door([control.Address], ("Edge:SilenceSeconds", "1"));
        var answer = await door.Http.GetAsync("/v1/jobs");
        await answer.ShouldBeProblem(HttpStatusCode.GatewayTimeout, "upstream_unavailable");
    }

    [Fact]
    public async Task A_Control_that_is_not_ready_gets_nothing_while_another_is()
    {
        await using var ready = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var starting = await Backend.Start(http => http.Response.WriteAsync("ok"));
        starting.Ready = false;
        await using var door = new Door([ready.Address, starting.Address]);
        await Eventually.True(async () =>
        {
            var before = starting.Requests.Count;
            for (var i = 0; i < 10; i++)
                await door.Http.GetAsync("/v1/jobs");
            return starting.Requests.Count == before;
        }, "it gets nothing");
        ready.Ready = false; // nobody looks well: both are tried rather than none
        var tried = starting.Requests.Count;
        await Eventually.True(async () =>
        {
            (await door.Http.GetAsync("/v1/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
            return starting.Requests.Count > tried;
        }, "it is tried");
    }

    private static async Task<int> AskUntil(Door door, CancellationToken stop)
    {
        var asked = 0;
        for (; !stop.IsCancellationRequested; asked++)
            (await door.Http.GetAsync("/v1/jobs", CancellationToken.None)).StatusCode.ShouldBe(HttpStatusCode.OK);
        return asked;
    }

    private static string NobodyThere() => "http://127.0.0.1:1";
}
