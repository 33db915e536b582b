using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Fleet.Tests.Shared;

/// <summary>An agent of the socket's protocol that says what it is told to, frame by frame.</summary>
internal sealed class ScriptedAgent(string name, string token, Uri server) : IAsyncDisposable
{
    public string Name { get; } = name;

    public ClientWebSocket Socket { get; private set; } = new();

    /// <summary>Another connection of the same agent.</summary>
    /// <param name="at">Another server; null means the same.</param>
    public ScriptedAgent Again(Uri? at = null) => new(Name, token, at ?? server);

    public async Task Connect()
    {
        Socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await Socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/ws/agent" }.Uri, default).Within();
    }

    /// <param name="features">What it says that it can do beyond the protocol's first agents.</param>
    public Task Hello(int protocol = 1, string[]? features = null) => Say("hello", new
    {
        protocol_version = protocol,
        agent_version = "1.2.3",
        restic_version = "0.14.0",
        hostname = "host-of-" + Name,
        os = "linux",
        arch = "amd64",
        features = features ?? [],
    });

    /// <summary>Says hello, and hears what comes before any command.</summary>
    public async Task Welcome(params string[] features)
    {
        await Hello(features: features);
        await Hear("schedule.set");
    }

    public Task Beat() => Say("heartbeat", new { sent_at = "2026-01-01T00:00:00Z" });

    public Task Say(string type, object payload, string? id = null) =>
        Text(JsonSerializer.Serialize(new Dictionary<string, object?> { ["type"] = type, ["id"] = id, ["payload"] = payload }));

    public Task Text(string text, bool isLast = true) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, isLast, default).Within();

    public Task Bytes(byte[] bytes) => Socket.SendAsync(bytes, WebSocketMessageType.Binary, true, default).Within();

    /// <summary>The next message; null when the other side has closed.</summary>
    public async Task<JsonElement?> Hear()
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer, default).Within();
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }

    /// <summary>The payload of the next message, which has to be of this type.</summary>
    public async Task<JsonElement> Hear(string type)
    {
        var message = await Hear();
        message.ShouldNotBeNull($"{type} was awaited, and the connection closed: {Socket.CloseStatusDescription}");
        message.Value.GetProperty("type").GetString().ShouldBe(type, message.Value.GetRawText());
        return message.Value.GetProperty("payload");
    }

    /// <summary>The next message has to be an error with this code.</summary>
    /// <returns>Its sentence.</returns>
    public async Task<string> HearError(string code)
    {
        var error = await Hear("error");
        error.GetProperty("code").GetString().ShouldBe(code, error.GetRawText());
        return error.GetProperty("message").GetString()!;
    }

    /// <summary>Nothing comes but the end.</summary>
    public async Task MustClose(int status)
    {
        (await Hear()).ShouldBeNull();
        ((int)Socket.CloseStatus!.Value).ShouldBe(status, Socket.CloseStatusDescription);
    }

    public ValueTask DisposeAsync()
    {
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
