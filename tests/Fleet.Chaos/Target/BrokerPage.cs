using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Fleet.Chaos.Target;

/// <summary>The broker's management API.</summary>
internal sealed class BrokerPage : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;

    public BrokerPage(Uri address, (string User, string Password) login) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}"))),
        },
    };

    /// <summary>What could not be handled and has not become a row: nobody reads it.</summary>
    public async Task<IReadOnlyList<string>> Forgotten(CancellationToken stop)
    {
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true) // the figures are some seconds old
        {
            var queues = await _http.GetFromJsonAsync<JsonElement>("queues/%2F", stop);
            var held = queues.EnumerateArray()
                .Select(queue => (Name: queue.GetProperty("name").GetString(), Count: Messages(queue)))
                .Where(queue => queue.Count > 0 && IsForDeadLetters(queue.Name ?? ""))
                .Select(queue => $"{queue.Count} messages lie in {queue.Name}")
                .ToList();
            if (held.Count == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(since) > Patience)
                return held;
            await Task.Delay(Glance, stop);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The bus makes queues of its own for what it cannot handle, where nothing else is said.</summary>
    private static bool IsForDeadLetters(string queue) =>
        queue == "fleet-dead-letters"
        || queue.EndsWith("_error", StringComparison.Ordinal)
        || queue.EndsWith("_skipped", StringComparison.Ordinal);

    private static long Messages(JsonElement queue) =>
        queue.TryGetProperty("messages", out var count) ? count.GetInt64() : 0;
}
