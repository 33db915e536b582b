using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Controls;

public sealed class StreamTests
{
    [Fact]
    public async Task Events_pass_line_by_line_while_they_are_written()
    {
        var lines = Channel.CreateUnbounded<string>();
        await using var control = await Backend.Start(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await foreach (var line in lines.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(line + "\n");
                await http.Response.Body.FlushAsync();
            }
        });
        await using var door = new Door([control.Address]);
        lines.Writer.TryWrite("retry: 2000");
        await using var stream = await door.Http.GetStreamAsync("/v1/jobs/x/events");
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe("retry: 2000");
        for (var i = 0; i < 20; i++)
        {
            lines.Writer.TryWrite($"data: {i}"); // the next one is written only when this one came through
            (await reader.ReadLineAsync().Within()).ShouldBe($"data: {i}");
        }

        lines.Writer.Complete();
        (await reader.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_watcher_that_leaves_is_noticed_by_Control()
    {
        var gone = new TaskCompletionSource();
        await using var control = await Backend.Start(async http =>
        {
            http.RequestAborted.Register(gone.SetResult);
            await http.Response.WriteAsync("retry: 2000\n");
            await http.Response.Body.FlushAsync();
            await gone.Task;
        });
        await using var door = new Door([control.Address]);
        var stream = await door.Http.GetStreamAsync("/v1/jobs/x/events");
        await stream.DisposeAsync();
        await gone.Task.Within();
    }

    [Fact]
    public async Task A_silent_stream_is_cut_after_the_time_that_is_set()
    {
        await using var control = await Backend.Start(async http =>
        {
            await http.Response.WriteAsync("retry: 2000\n");
            await http.Response.Body.FlushAsync();
            await Eventually.Silence(http.RequestAborted);
        });
        await using var door = new Door([control.Address], ("Edge:SilenceSeconds", "5"));
        await using var stream = await door.Http.GetStreamAsync("/v1/jobs/x/events");
        using var reader = new StreamReader(stream);
        await reader.ReadLineAsync();
        await Should.ThrowAsync<IOException>(() => reader.ReadLineAsync().Within());
    }

    [Theory]
    [InlineData("/v1/jobs/x/log?follow=true")]
    [InlineData("/jobs/x/log?follow=true")]
    public async Task A_log_that_is_followed_may_be_silent_for_longer(string path)
    {
        await using var control = await Backend.Start(async http =>
        {
            await http.Response.WriteAsync("one\n");
            await http.Response.Body.FlushAsync();
            await Eventually.Silence(TimeSpan.FromSeconds(3), http.RequestAborted);
            await http.Response.WriteAsync($"two of {http.Request.Path}\n");
        });
        await using var door = new Door([control.Address], ("Edge:SilenceSeconds", "1"));
        (await door.Http.GetStringAsync(path)).ShouldBe("one\ntwo of /v1/jobs/x/log\n");
    }

    [Fact]
    public async Task WebSockets_pass_through()
    {
        await using var control = await Backend.Start(async http =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[100];
            var said = await socket.ReceiveAsync(buffer, default);
            await socket.SendAsync(buffer.AsMemory(0, said.Count), WebSocketMessageType.Text, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        });
        await using var door = new Door([control.Address]);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://{door.Address.Authority}/v1/ws"), default);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[100];
        var heard = await client.ReceiveAsync(buffer, default);
        Encoding.UTF8.GetString(buffer, 0, heard.Count).ShouldBe("hello");
    }

    [Fact]
    public async Task A_message_may_be_larger_than_any_body()
    {
        const int Size = 16 << 20;
        await using var control = await Backend.Start(async http =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1 << 16];
            var (length, isLast) = (0, false);
            while (!isLast)
            {
                var part = await socket.ReceiveAsync(buffer, default);
                (length, isLast) = (length + part.Count, part.EndOfMessage);
            }

            await socket.SendAsync(Encoding.UTF8.GetBytes($"{length}"), WebSocketMessageType.Text, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        });
        await using var door = new Door([control.Address]);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://{door.Address.Authority}/ws/agent"), default);
        await client.SendAsync(new byte[Size], WebSocketMessageType.Binary, true, default);
        var buffer = new byte[100];
        var heard = await client.ReceiveAsync(buffer, default);
        Encoding.UTF8.GetString(buffer, 0, heard.Count).ShouldBe($"{Size}");
    }

    [Fact]
    public async Task A_page_of_a_foreign_origin_may_not_open_a_WebSocket()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("reached"));
        await using var door = new Door([control.Address], ("Edge:AllowedOrigins:0", "https://fleet.example"));
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Origin", "https://evil.example");
        client.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(
            () => client.ConnectAsync(new Uri($"ws://{door.Address.Authority}/v1/ws"), default));
        client.HttpStatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        control.Requests.ShouldBeEmpty();
    }
}
