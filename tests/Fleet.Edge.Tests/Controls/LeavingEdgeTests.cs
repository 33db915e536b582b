using System.Net.WebSockets;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Controls;

/// <summary>What becomes of requests that are under way when the edge is asked to stop.</summary>
public sealed class LeavingEdgeTests
{
    [Fact]
    public async Task A_long_poll_is_answered_with_what_is_known()
    {
        await using var control = await Backend.Start(async http =>
        {
            if (http.Request.Query.ContainsKey("wait"))
                await Gone(http);
            await http.Response.WriteAsync($"known of {http.Request.Query["of"]}");
        });
        var door = new Door([control.Address]);
        using var client = Client(door);
        var polled = client.GetAsync("/v1/jobs/1?of=a%26b&wait=30");
        await Eventually.True(() => !control.Requests.IsEmpty, "it has come");
        var stopped = Stop(door);
        using var answer = await polled.Within();
        (await answer.Content.ReadAsStringAsync()).ShouldBe("known of a&b");
        await stopped.Within();
        control.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_of_any_other_kind_gets_its_own_answer()
    {
        var let = new TaskCompletionSource();
        await using var control = await Backend.Start(async http =>
        {
            await let.Task;
            await http.Response.WriteAsync("whole");
        });
        var door = new Door([control.Address]);
        using var client = Client(door);
        var asked = client.GetAsync("/v1/jobs");
        await Eventually.True(() => !control.Requests.IsEmpty, "it has come");
        var stopped = Stop(door);
        let.SetResult();
        using var answer = await asked.Within();
        (await answer.Content.ReadAsStringAsync()).ShouldBe("whole");
        await stopped.Within();
    }

    [Fact]
    public async Task A_socket_ends_and_events_end_between_two_of_them()
    {
        await using var control = await Backend.Start(async http =>
        {
            if (http.WebSockets.IsWebSocketRequest)
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                await Gone(http);
                return;
            }

            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("id: 1\ndata: {}\n\n");
            await http.Response.Body.FlushAsync();
            await Gone(http);
        });
        var door = new Door([control.Address]);
        using var agent = new ClientWebSocket();
        await agent.ConnectAsync(new UriBuilder(door.Address) { Scheme = "ws", Path = "/ws/agent" }.Uri, default).Within();
        using var client = Client(door);
        var watched = client.GetStringAsync("/v1/jobs/1/events");
        await Eventually.True(() => control.Requests.Count == 2, "both are there");
        var heard = agent.ReceiveAsync(new byte[10], default);
        var stopped = Stop(door);
        (await watched.Within()).ShouldBe("id: 1\ndata: {}\n\n");
        await Should.ThrowAsync<WebSocketException>(heard.Within());
        await stopped.Within();
    }

    /// <summary>The door's own ends with the door, and whatever it has not read yet.</summary>
    private static HttpClient Client(Door door) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = door.Address };

    private static async Task Gone(HttpContext http)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static Task Stop(Door door) => Task.Run(() => door.DisposeAsync().AsTask());
}
