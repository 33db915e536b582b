using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Notebooks;

/// <summary>Somebody who has a notebook, and cells run in it, through the edge alone.</summary>
internal sealed class NotebookClient(FleetUnderTest fleet, string id, string token)
{
    public string Id => id;

    public string Path => $"/notebooks/{id}/";

    public string Token => token;

    public static async Task<NotebookClient> Start(FleetUnderTest fleet, string workspace = "", string? agent = null)
    {
        var body = FleetJson.Write(new { name = $"nb-{Guid.NewGuid():N}", workspace, agent });
        var made = await fleet.Client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, "/v1/notebooks", body);
        return new NotebookClient(fleet, made.GetProperty("notebook_id").GetString()!, made.GetProperty("token").GetString()!);
    }

    public Task<JsonElement> Show() => fleet.Client.Get<JsonElement>($"/v1/notebooks/{id}");

    public async Task<JsonElement> Becomes(string state)
    {
        JsonElement now = default;
        await Eventually.True(
            async () => (now = await Show()).GetProperty("state").GetString() == state, $"the notebook is {state}");
        return now;
    }

    /// <summary>A request to the notebook's own server.</summary>
    /// <param name="header">What proves who asks; null for nothing.</param>
    public async Task<(HttpStatusCode Status, string Text)> Ask(HttpMethod method, string path, string? header, string? json = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        using var request = new HttpRequestMessage(method, Path + path);
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request).Within();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<string> NewKernel()
    {
        var (status, text) = await Ask(HttpMethod.Post, "api/kernels", $"token {token}", "{}");
        status.ShouldBe(HttpStatusCode.Created, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>The channels of a kernel, as clients of Jupyter open them.</summary>
    public async Task<ClientWebSocket> Open(string kernel, string shown)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"token {shown}");
        var address = new UriBuilder(fleet.Scripts.Ports.EdgeUrl) { Scheme = "ws", Path = $"{Path}api/kernels/{kernel}/channels" };
        await socket.ConnectAsync(address.Uri, default).Within();
        return socket;
    }

    /// <summary>What the cell's last expression is, as text.</summary>
    public static async Task<string> Run(ClientWebSocket kernel, string code)
    {
        var message = Guid.NewGuid().ToString("N");
        var request = JsonSerializer.SerializeToUtf8Bytes(new
        {
            header = new
            {
                msg_id = message,
                msg_type = "execute_request",
                username = "test",
                session = message,
                date = "",
                version = "5.3",
            },
            parent_header = new { },
            metadata = new { },
            content = new { code, silent = false, store_history = true, user_expressions = new { }, allow_stdin = false },
            channel = "shell",
            buffers = Array.Empty<string>(),
        });
        await kernel.SendAsync(request, WebSocketMessageType.Text, true, default).Within();
        while (true)
        {
            var said = await Receive(kernel);
            if (said.GetProperty("parent_header").TryGetProperty("msg_id", out var about) && about.GetString() == message
                && said.GetProperty("msg_type").GetString() is "execute_result" or "error")
                return said.GetProperty("content").GetProperty("data").GetProperty("text/plain").GetString()!;
        }
    }

    private static async Task<JsonElement> Receive(ClientWebSocket kernel)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await kernel.ReceiveAsync(buffer, default).Within();
            part.MessageType.ShouldBe(WebSocketMessageType.Text, kernel.CloseStatusDescription);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }
}
