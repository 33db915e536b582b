using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Support;
using Fleet.Control.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Webhooks.Support;

/// <summary>Per test class: the routes for webhooks behind real keys, and the courier that tells; no engine, no jobs.</summary>
public sealed class WebhookDoor : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private readonly List<IAsyncDisposable> _receivers = [];
    private WebApplication _app = null!;

    /// <summary>With the first admin's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    internal DatabaseFixture House => _house;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _house.Directory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Postgres:ConnectionString"] = _house.ConnectionString,
            ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
            ["Webhooks:PollSeconds"] = "0.05",
            ["Webhooks:CacheSeconds"] = "0.05",
        });
        builder.Logging.ClearProviders();
        builder.AddPersistence();
        builder.AddFleetHttp();
        builder.AddAccess();
        builder.AddWebhooks();
        builder.Services.AddSingleton<ArtifactQueries>().AddSingleton<InlineArtifacts>().AddSingleton<DatabaseClock>();
        builder.Services.AddSingleton<IdempotentChange>();
        builder.Services.AddSingleton<Leadership>().AddSingleton<ControlIdentity>().AddSingleton<ClusterLog>();
        builder.Services.AddSingleton(new DomainEventTypes(JobEventPayload.Family, WorkStates.AllWords));
        _app = builder.Build();
        _app.UseFleetHttp();
        _app.MapAccess();
        _app.MapWebhooks();
        await _app.StartAsync();
        Admin = Client((await File.ReadAllTextAsync(Path.Combine(_house.Directory, "admin.key"))).Trim());
    }

    public async Task<HttpClient> With(object key)
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/api-keys", key);
        return Client((await answer.Json(201)).GetProperty("key").GetString()!);
    }

    public async Task<JsonElement> Ask(HttpMethod method, string path, int status, object? body = null, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await (by ?? Admin).SendAsync(request);
        return await answer.Json(status);
    }

    /// <summary>Its path, and its secret.</summary>
    public async Task<(string Path, string Secret)> Endpoint(string url, HttpClient? by = null)
    {
        var body = new { url, event_types = new[] { "job.*" } };
        var made = await Ask(HttpMethod.Post, "/v1/webhook-endpoints", 201, body, by);
        return ($"/v1/webhook-endpoints/{made.GetProperty("endpoint_id").GetString()}", made.GetProperty("secret").GetString()!);
    }

    internal async Task<TestReceiver> Receiver()
    {
        var receiver = await TestReceiver.Start();
        _receivers.Add(receiver);
        return receiver;
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        foreach (var receiver in _receivers)
            await receiver.DisposeAsync();
        await _house.DisposeAsync();
    }

    private HttpClient Client(string key) => new()
    {
        BaseAddress = new Uri(_app.Urls.First()),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };
}
