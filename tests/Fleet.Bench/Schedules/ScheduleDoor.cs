using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Fleet.Bench.Schedules;

/// <summary>Schedules through the edge, as a client makes, reads and deletes them.</summary>
internal sealed class ScheduleDoor : IDisposable
{
    /// <summary>Of all of them, so that what a killed run left is found by the next.</summary>
    public const string Name = "bench-schedules";

    private const int AtOnce = 32;

    private readonly HttpClient _http;

    public ScheduleDoor(Uri edge, string key) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = edge,
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>One-minute schedules of no-op jobs; these are named after the schedule and the due time.</summary>
    /// <param name="label">The jobs' value of the label <c>bench</c>.</param>
    /// <returns>The schedules' paths.</returns>
    public async Task<IReadOnlyList<string>> Make(int count, DateTime zero, string label, CancellationToken stop)
    {
        var paths = new string[count];
        await Parallel.ForAsync(0, count, Options(stop), async (number, patience) =>
        {
            var from = zero.AddSeconds(Minute.PhaseOf(number, count)).ToString("O", CultureInfo.InvariantCulture);
            var job = $$$"""{"kind":"noop","name":"{{schedule_id}} {{scheduled_at}}","labels":{"bench":"{{{label}}}"}}""";
            var when = $$"""{"every_s":{{Minute.Seconds}},"from":"{{from}}"}""";
            var body = $$"""{"name":"{{Name}}","when":{{when}},"start":{"job":{{job}} } }""";
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var made = JsonDocument.Parse(await Send(HttpMethod.Post, "/v1/schedules", content, patience));
            paths[number] = made.RootElement.GetProperty("links").GetProperty("self").GetString()!;
        });
        return paths;
    }

    public Task<string> List(CancellationToken stop) => Send(HttpMethod.Get, $"/v1/schedules?name={Name}&limit=50", null, stop);

    public Task<string> Show(string path, CancellationToken stop) => Send(HttpMethod.Get, path, null, stop);

    /// <summary>Deletes every schedule of this program, of earlier runs too.</summary>
    public async Task DeleteAll(CancellationToken stop)
    {
        while (true)
        {
            using var page = JsonDocument.Parse(await Send(HttpMethod.Get, $"/v1/schedules?name={Name}&limit=200", null, stop));
            var paths = page.RootElement.GetProperty("items").EnumerateArray()
                .Select(one => one.GetProperty("links").GetProperty("self").GetString()!).ToList();
            if (paths.Count == 0)
                return;
            await Parallel.ForEachAsync(
                paths, Options(stop), async (path, patience) => await Send(HttpMethod.Delete, path, null, patience));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> Send(HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await _http.SendAsync(request, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        return answer.IsSuccessStatusCode ? text
            : throw new HttpRequestException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
    }

    private static ParallelOptions Options(CancellationToken stop) =>
        new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
}
