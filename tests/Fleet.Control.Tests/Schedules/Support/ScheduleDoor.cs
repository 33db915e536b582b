using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules;
using Fleet.Control.Schedules.Backfills;
using Fleet.Control.Schedules.Calendars;
using Fleet.Control.Schedules.Declared;
using Fleet.Control.Schedules.Endpoints;
using Fleet.Control.Schedules.Held;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Schedules.Support;

/// <summary>Per test class: the routes for schedules behind real keys, before an engine that goes by a simulated clock.</summary>
public sealed class ScheduleDoor : IAsyncLifetime
{
    private WebApplication _app = null!;

    /// <summary>With the first admin's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    internal DatabaseFixture House { get; } = new();

    internal TestControl Control { get; private set; } = null!;

    internal SimulatedClock Clock { get; } = new(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public async Task InitializeAsync()
    {
        await House.InitializeAsync();
        Control = await TestControl.Start(House, services => services.AddSingleton<TimeProvider>(Clock));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = House.Directory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Postgres:ConnectionString"] = House.ConnectionString,
        });
        builder.Logging.ClearProviders();
        builder.AddPersistence();
        builder.AddFleetHttp();
        builder.AddAccess();
        builder.Services.AddSingleton<IdempotentChange>();
        Share<DatabaseClock>(builder.Services);
        Share<IdempotentWork>(builder.Services);
        Share<ScheduleStore>(builder.Services);
        Share<DeclaredStore>(builder.Services);
        Share<DeclaredOperations>(builder.Services);
        Share<ScheduleDrafts>(builder.Services);
        Share<ScheduleOperations>(builder.Services);
        Share<ScheduleChanges>(builder.Services);
        Share<RunNow>(builder.Services);
        Share<OccurrenceStore>(builder.Services);
        Share<BackfillStore>(builder.Services);
        Share<CalendarStore>(builder.Services);
        Share<TermsReader>(builder.Services);
        Share<HeldScheduleStore>(builder.Services);
        Share<IAgentDirectory>(builder.Services);
        _app = builder.Build();
        _app.UseFleetHttp();
        _app.MapAccess();
        _app.MapSchedules();
        await _app.StartAsync();
        Admin = Client((await File.ReadAllTextAsync(Path.Combine(House.Directory, "admin.key"))).Trim());
    }

    public async Task<HttpClient> With(params string[] scopes) => await With("default", scopes);

    public async Task<HttpClient> With(string tenant, string[] scopes)
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/api-keys", new { name = "test", tenant, scopes });
        return Client((await answer.Json(201)).GetProperty("key").GetString()!);
    }

    internal async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string? json = null, HttpClient? by = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await (by ?? Admin).SendAsync(request);
    }

    internal async Task<JsonElement> Ask(HttpMethod method, string path, int status, string? json = null, HttpClient? by = null)
    {
        using var answer = await Send(method, path, json, by);
        return await answer.Json(status);
    }

    /// <summary>The path of a new schedule.</summary>
    internal async Task<string> Schedule(string more = "", HttpClient? by = null)
    {
        var body = $$$"""{"name": "nightly", "when": {"cron": "0 * * * *"}, "start": {"job": {"kind": "noop"}}{{{more}}}}""";
        var made = await Ask(HttpMethod.Post, "/v1/schedules", 201, body, by);
        return made.GetProperty("links").GetProperty("self").GetString()!;
    }

    public async Task DisposeAsync()
    {
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Control.DisposeAsync();
        await House.DisposeAsync();
    }

    private void Share<T>(IServiceCollection services) where T : class => services.AddSingleton(_ => Control.Get<T>());

    private HttpClient Client(string key) => new()
    {
        BaseAddress = new Uri(_app.Urls.First()),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };
}
