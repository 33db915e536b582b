using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Bench.Packets;

/// <summary>A run whose metrics are written and read over HTTP.</summary>
internal sealed class RunDoor : IDisposable
{
    private readonly HttpClient _http;

    public RunDoor(Uri edge, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Commits are 20 bytes; runs of this one end at once.</summary>
    public byte[] Commit { get; } = RandomNumberGenerator.GetBytes(20);

    /// <returns>The id of a run that exists.</returns>
    public async Task<string> Make(CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        await using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            var file = new PaxTarEntry(TarEntryType.RegularFile, "run.sh") { DataStream = new MemoryStream("true\n"u8.ToArray()) };
            await tar.WriteEntryAsync(file, stop);
        }

        var commit = Convert.ToHexStringLower(Commit);
        using var content = new ByteArrayContent(bytes.ToArray());
        (await _http.PutAsync(new Uri($"/v1/experiments/{commit}/archive", UriKind.Relative), content, stop)).EnsureSuccessStatusCode();
        using var made = await _http.PostAsJsonAsync("/v1/jobs", new { kind = "experiment", experiment = new { commit } }, stop);
        made.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await made.Content.ReadAsStringAsync(stop)).RootElement.GetProperty("job_id").GetString()!;
    }

    public async Task Add(string run, string name, int from, int count, CancellationToken stop)
    {
        var body = new StringBuilder("""{"points":[""");
        for (var step = from; step < from + count; step++)
            body.Append(step == from ? "" : ",").Append($$"""{"name":"{{name}}","value":{{step % 997}}.5,"step":{{step}}}""");
        using var content = new StringContent(body.Append("]}").ToString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri($"/v1/jobs/{run}/metrics", UriKind.Relative), content, stop);
        answer.EnsureSuccessStatusCode();
    }

    /// <returns>How many points the series has.</returns>
    public async Task<long> Read(string run, string name, CancellationToken stop) =>
        JsonDocument.Parse(await _http.GetStringAsync(new Uri($"/v1/jobs/{run}/metrics/{name}?points=1000", UriKind.Relative), stop))
            .RootElement.GetProperty("total").GetInt64();

    public async Task Remove(CancellationToken stop)
    {
        var path = new Uri($"/v1/experiments/{Convert.ToHexStringLower(Commit)}", UriKind.Relative);
        for (var tries = 0; tries < 100; tries++)
        {
            using var answer = await _http.DeleteAsync(path, stop);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(200, stop); // its run has not ended
        }
    }

    public void Dispose() => _http.Dispose();
}
