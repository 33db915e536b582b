using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The broker's management API, which its UI shows to people.</summary>
internal sealed class RabbitUi : IDisposable
{
    private readonly HttpClient _http;

    public RabbitUi(int port, (string User, string Password) login) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}/api/"),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}"))),
        },
    };

    public async Task<IReadOnlyList<string>> Queues() => Names(await Get("queues/%2F"), "name");

    /// <summary>Null for a connection that has no name.</summary>
    public async Task<IReadOnlyList<string?>> Connections() =>
    [
        .. (await Get("connections")).EnumerateArray().Select(connection =>
            connection.TryGetProperty("user_provided_name", out var name) ? name.GetString() : null),
    ];

    /// <summary>Puts a message into an exchange, as soon as there is a queue behind it.</summary>
    public Task Publish(string exchange, string payload) =>
        Eventually.True(() => TryPublish(exchange, payload), $"{exchange} takes a message");

    public void Dispose() => _http.Dispose();

    private async Task<bool> TryPublish(string exchange, string payload)
    {
        using var answer = await _http.PostAsJsonAsync($"exchanges/%2F/{exchange}/publish", new
        {
            properties = new { content_type = "application/vnd.masstransit+json", delivery_mode = 2 },
            routing_key = "",
            payload,
            payload_encoding = "string",
        });
        return answer.IsSuccessStatusCode
            && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("routed").GetBoolean();
    }

    /// <summary>Changes the passwords by which Control logs in, and cuts all connections.</summary>
    public async Task ChangePasswords(string control, string admin)
    {
        await Change("fleet-control", control, "");
        await Change("fleet-admin", admin, "administrator");
        foreach (var connection in Names(await Get("connections"), "name"))
            await Delete($"connections/{Uri.EscapeDataString(connection)}");
    }

    /// <summary>Changes the password by which an agent logs in, and cuts its connections.</summary>
    public async Task ChangePasswordOf(string agent, string password)
    {
        await Change($"agent-{agent}", password, "");
        await Delete($"connections/username/agent-{agent}");
    }

    private async Task Change(string user, string password, string tags)
    {
        using var answer = await _http.PutAsJsonAsync($"users/{user}", new { password, tags });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A connection that has ended by itself is as good.</summary>
    private async Task Delete(string path)
    {
        using var answer = await _http.DeleteAsync(new Uri(path, UriKind.Relative));
    }

    private async Task<JsonElement> Get(string path)
    {
        var text = Encoding.UTF8.GetString(await _http.GetByteArrayAsync(path));
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static IReadOnlyList<string> Names(JsonElement list, string field) =>
        [.. list.EnumerateArray().Select(item => item.GetProperty(field).GetString()!)];
}
