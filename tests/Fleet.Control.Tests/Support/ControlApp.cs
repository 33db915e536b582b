using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Control.Artifacts;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Support;

/// <summary>
/// A real Kestrel with keys, problems and artifacts on a real database; no broker and no jobs behind it.
/// </summary>
internal sealed class ControlApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControlApp(WebApplication app, string directory, TestLog log)
    {
        _app = app;
        Log = log;
        Owner = app.Services.GetRequiredService<TestOwner>();
        Http = Client(null);
        AdminKeyFile = Path.Combine(directory, "admin.key");
    }

    public TestOwner Owner { get; }

    public TestLog Log { get; }

    /// <summary>Without a key.</summary>
    public HttpClient Http { get; }

    public string AdminKeyFile { get; }

    public string AdminKey => File.ReadAllText(AdminKeyFile).TrimEnd();

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public static async Task<ControlApp> Open(DatabaseFixture house, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = house.Directory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Postgres:ConnectionString"] = house.ConnectionString,
            ["Access:CacheSeconds"] = "0.2",
            ["Http:MaxAnonymousBytes"] = "8388608", // most test routes are open to anyone
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddPersistence();
        builder.AddFleetHttp();
        builder.AddAccess();
        builder.Services.AddSingleton<IdempotentChange>().AddSingleton<DatabaseClock>();
        builder.AddArtifacts();
        builder.Services.AddSingleton<TestOwner>();
        builder.Services.AddSingleton<IArtifactOwner>(services => services.GetRequiredService<TestOwner>());
        var log = new TestLog();
        builder.Logging.ClearProviders().AddProvider(log);

        var app = builder.Build();
        app.UseFleetHttp();
        app.MapAccess();
        app.MapArtifacts();
        app.MapArtifacts("job", "/v1/jobs", Scope.JobsRead);
        app.MapTestRoutes();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new ControlApp(app, house.Directory, log);
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public HttpClient Admin() => Client(AdminKey);

    /// <summary>A new key, made by the admin.</summary>
    public async Task<(string Id, string Key)> MakeKey(object body)
    {
        using var admin = Admin();
        using var answer = await admin.PostAsJsonAsync("/v1/api-keys", body);
        var made = await answer.Json(201);
        return (made.GetProperty("key_id").GetString()!, made.GetProperty("key").GetString()!);
    }

    public async Task<HttpClient> WithScopes(params string[] scopes) =>
        Client((await MakeKey(new { name = "test", scopes })).Key);

    /// <summary>An agent with a token of its own.</summary>
    public async Task<HttpClient> Agent(string name = "worker-1")
    {
        var text = SecretText.New(SecretText.AgentToken);
        await using var db = await Services.GetRequiredService<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync();
        db.Add(new AgentToken
        {
            Agent = name,
            Sha256 = SecretText.Hash(text, SecretText.AgentToken).ToBytes(),
            CreatedAt = TimeProvider.System.GetUtcNow(),
        });
        await db.SaveChangesAsync();
        return Client(text);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

internal static class AnswerExtensions
{
    /// <summary>The body as JSON, after the status was found right.</summary>
    public static async Task<JsonElement> Json(this HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The problem in an answer, after its shape was found right.</summary>
    public static async Task<JsonElement> Problem(this HttpResponseMessage answer, int status, string code)
    {
        var problem = await answer.Json(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem.EnumerateObject().Select(field => field.Name)
            .ShouldBe(["type", "title", "status", "detail", "code", "trace_id", "errors"]);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("type").GetString().ShouldBe($"urn:fleet:problem:{code}");
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    /// <summary>The sentence that a problem has for a field.</summary>
    public static string Sentence(this JsonElement problem, string field) =>
        problem.GetProperty("errors").GetProperty(field)[0].GetString()!;
}
