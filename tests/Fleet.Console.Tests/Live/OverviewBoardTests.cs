using Fleet.Console.Access;
using Fleet.Console.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Console.Tests.Live;

/// <summary>An overview tells a fleet without work from one that does not answer.</summary>
public sealed class OverviewBoardTests : IAsyncLifetime
{
    private readonly WebApplication _fleet = Make();
    private volatile int _status = 503;
    private volatile string? _after;

    public async Task InitializeAsync()
    {
        _fleet.Run(Answer);
        await _fleet.StartAsync();
    }

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task It_says_that_nobody_answers_and_comes_back_by_itself_when_somebody_does()
    {
        using var connections = new SharedHandler(new ConsoleSettings());
        var clients = new FleetClients(new ConsoleSettings { Fleet = new Uri(_fleet.Urls.First()) }, connections);
        var boards = new OverviewBoards(new ChangeRelay(clients, TimeProvider.System), clients, TimeProvider.System);
        Overview? seen = null;
        using var watching = boards.Watch("fk_test", overview => seen = overview);
        await Eventually.True(() => seen is not null, "something is told");
        seen!.Trouble.ShouldBe("The fleet cannot be reached at the moment.");
        seen.At.ShouldBe(default); // nothing was read: there is no zero to show

        _status = 200;
        await Eventually.True(() => seen is { Trouble: null }, "it is read");
        seen.At.ShouldNotBe(default);
        seen.Agents.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_key_may_not_see_is_no_trouble()
    {
        _status = 403;
        using var connections = new SharedHandler(new ConsoleSettings());
        var clients = new FleetClients(new ConsoleSettings { Fleet = new Uri(_fleet.Urls.First()) }, connections);
        var boards = new OverviewBoards(new ChangeRelay(clients, TimeProvider.System), clients, TimeProvider.System);
        Overview? seen = null;
        using var watching = boards.Watch("fk_test", overview => seen = overview);
        await Eventually.True(() => seen is not null, "something is told");
        seen!.Trouble.ShouldBeNull();
    }

    [Theory]
    [InlineData(401, null, false)]
    [InlineData(400, null, false)]
    [InlineData(500, null, true)]
    [InlineData(409, "30", true)]
    public async Task What_will_not_pass_is_not_asked_again_and_the_rest_not_before_the_fleet_says(int status, string? after, bool isAgain)
    {
        (_status, _after) = (status, after);
        var clock = new FakeTimeProvider();
        using var connections = new SharedHandler(new ConsoleSettings());
        var clients = new FleetClients(new ConsoleSettings { Fleet = new Uri(_fleet.Urls.First()) }, connections);
        var boards = new OverviewBoards(new ChangeRelay(clients, clock), clients, clock);
        var told = 0;
        using var watching = boards.Watch("fk_test", _ => Interlocked.Increment(ref told));
        await Eventually.True(() => told == 1, "it is told");
        clock.Advance(TimeSpan.FromMilliseconds(900));
        if (isAgain)
        {
            told.ShouldBe(1);
            await Eventually.True(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return told > 1;
            }, "it is asked again");
            (after is null || clock.GetUtcNow() - clock.Start >= TimeSpan.FromSeconds(30)).ShouldBeTrue("not earlier than it was told to");
            return;
        }

        clock.Advance(TimeSpan.FromHours(1));
        told.ShouldBe(1);
    }

    private static WebApplication Make()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        return builder.Build();
    }

    private Task Answer(HttpContext http)
    {
        http.Response.StatusCode = _status;
        if (_after is { } after)
            http.Response.Headers.RetryAfter = after;
        http.Response.ContentType = _status == 200 ? "application/json" : "application/problem+json";
        return http.Response.WriteAsync(_status == 200
            ? """{"items": [], "next": null}"""
            : """{"code": "no", "detail": "No.", "title": "No", "trace_id": "t"}""");
    }
}
