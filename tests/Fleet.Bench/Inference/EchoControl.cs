using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Bench.Target;

namespace Fleet.Bench.Inference;

/// <summary>The fleet's echo model: told how fast to be, so that what Fleet adds is all that differs.</summary>
internal sealed class EchoControl : IDisposable
{
    public const string Model = "echo";
    public const string EmbedModel = "echo-embed";

    private readonly HttpClient _http;

    private EchoControl(Uri address)
    {
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    public Uri Address { get; }

    /// <exception cref="FleetAbsentException">The fleet has no echo, or one that writes too few answers at once.</exception>
    public static async Task<EchoControl> Find(FleetHome home, FleetApi api, int atOnce, CancellationToken stop)
    {
        var start = $"Start the fleet with Worker__Upstreams__echo__Generations={atOnce} FLEET_ECHO_MODEL=1 ./compose/up.sh.";
        if (!home.Processes().ContainsKey("echo-1") || home.EchoPort is not { } port)
            throw new FleetAbsentException($"The Fleet at {home.Folder} has no echo model. {start}");
        var generations = Generations(JsonNode.Parse(await api.Read("/v1/agents", stop))!);
        if (generations < atOnce)
        {
            throw new FleetAbsentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The fleet writes {generations} answers at once, and {atOnce} are to be measured. Stop its agent, then: {start}"));
        }

        return new EchoControl(new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>So many words, the first and each further one after so long.</summary>
    public Task Behave(int words, TimeSpan first, TimeSpan word, CancellationToken stop) => Send(
        HttpMethod.Post,
        new { words, first_delay_ms = (int)first.TotalMilliseconds, word_delay_ms = (int)word.TotalMilliseconds, model = Model },
        stop);

    public Task BehaveAsEver(CancellationToken stop) => Send(HttpMethod.Delete, null, stop);

    public void Dispose() => _http.Dispose();

    private async Task Send(HttpMethod method, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, "/echo/behaviour");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request, stop);
        answer.EnsureSuccessStatusCode();
    }

    private static int Generations(JsonNode agents) => agents["items"]!.AsArray()
        .Where(agent => agent!["state"]!.GetValue<string>() == "online")
        .Sum(agent => agent!["slots"]!["inference"]?.GetValue<int>() ?? 0);
}
