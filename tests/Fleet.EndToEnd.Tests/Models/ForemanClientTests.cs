using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>What a client of foreman does, with neither key nor knowledge of Fleet.</summary>
[Collection(ModelFleet.Name)]
public sealed class ForemanClientTests(ModelFleet fleet)
{
    [Fact]
    public async Task It_submits_is_told_of_every_state_and_polls_the_result()
    {
        var told = new ConcurrentQueue<(JsonElement News, bool IsSigned)>();
        await using var receiver = Receive(told);
        await receiver.StartAsync();
        using var http = Client();
        var body = JsonSerializer.Serialize(new
        {
            model = "echo",
            messages = new[] { new { role = "user", content = "well said" } },
            state_webhook_url = $"{receiver.Urls.First()}/hook",
        });
        using var answer = await http.PostAsync("/jobs", new StringContent(body)); // foreman reads any content type
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await Read(answer)).GetProperty("job_id").GetString()!;
        id.Length.ShouldBe(26);

        JsonElement job = default;
        await Eventually.True(async () => State(job = await Get(http, $"/jobs/{id}")) == "done", "the job is done");
        job.GetProperty("result").GetProperty("message").GetProperty("content").GetString().ShouldBe("well said");
        job.GetProperty("artifacts").GetArrayLength().ShouldBe(0);

        await Eventually.True(() => told.Any(one => State(one.News) == "done"), "the end is told");
        told.ShouldAllBe(one => one.IsSigned);
        told.Select(one => State(one.News)).Distinct().ShouldBe(["queued", "loading", "working", "done"]);
        told.First().News.GetProperty("previous_state").GetString().ShouldBe("");
        told.Last().News.GetProperty("result").GetProperty("done").GetBoolean().ShouldBeTrue();
        told.ShouldAllBe(one => one.News.GetProperty("job_id").GetString() == id);
        told.ShouldAllBe(one => one.News.GetProperty("model").GetString() == "echo");
    }

    [Fact]
    public async Task It_hears_foremans_words_when_something_is_wrong()
    {
        using var http = Client();
        foreach (var (body, status, words) in (IEnumerable<(string, int, string)>)[
            ("{", 400, "invalid JSON body"), ("{}", 400, "model is required"), ("""{"model": "nobody-has-it"}""", 404, "model not found")])
        {
            using var answer = await http.PostAsync("/jobs", new StringContent(body));
            ((int)answer.StatusCode).ShouldBe(status);
            (await answer.Content.ReadAsStringAsync()).ShouldBe($$"""{"error":"{{words}}"}""");
        }

        using var missing = await http.GetAsync("/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetStringAsync("/healthz")).ShouldBe("""{"status":"ok","degraded":false}""");
    }

    [Fact]
    public async Task Somebody_behind_a_proxy_that_nobody_knows_needs_a_key()
    {
        using var http = Client();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");
        http.DefaultRequestHeaders.Add("Fleet-Caller", "127.0.0.1");
        using var answer = await http.GetAsync("/api/tags");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Artifacts_of_any_job_are_there_under_foremans_path()
    {
        var job = await fleet.Client.Run(JobDraft.Script("printf 'small' > $FLEET_ARTIFACTS_DIR/a.txt"));
        using var answer = await fleet.Client.Send(HttpMethod.Get, $"/jobs/{job.JobId}");
        var artifact = (await Read(answer)).GetProperty("artifacts")[0];
        artifact.GetProperty("data").GetString().ShouldBe("small");
        using var raw = await fleet.Client.Send(HttpMethod.Get, $"/jobs/{job.JobId}/artifacts/a.txt");
        (await raw.Content.ReadAsStringAsync()).ShouldBe("small");
        using var gone = await fleet.Client.Send(HttpMethod.Get, $"/jobs/{job.JobId}/artifacts/b.txt");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gone.Content.ReadAsStringAsync()).ShouldBe("""{"error":"artifact not found"}""");
    }

    private HttpClient Client() =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Scripts.Ports.EdgeUrl };

    private static string? State(JsonElement job) => job.GetProperty("state").GetString();

    private static async Task<JsonElement> Read(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    private static async Task<JsonElement> Get(HttpClient http, string path) =>
        JsonDocument.Parse(await http.GetStringAsync(path)).RootElement;

    private static WebApplication Receive(ConcurrentQueue<(JsonElement News, bool IsSigned)> told)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = builder.Build();
        receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var hmac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(ModelFleet.StateSecret), body.ToArray());
            var signed = context.Request.Headers["X-Foreman-Signature"] == $"sha256={Convert.ToHexStringLower(hmac)}";
            told.Enqueue((JsonDocument.Parse(body.ToArray()).RootElement, signed));
        });
        return receiver;
    }
}
