using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Control.Agents;
using Fleet.Control.Artifacts;
using Fleet.Control.Audit;
using Fleet.Control.Datasets;
using Fleet.Control.DeadLetters;
using Fleet.Control.Experiments;
using Fleet.Control.Jobs;
using Fleet.Control.Notebooks;
using Fleet.Control.Platform;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Platform.Work;
using Fleet.Control.Queues;
using Fleet.Control.Tests.Support;
using Fleet.Control.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Control.Tests.Agents.Support;

/// <summary>
/// Per test class: a whole Control, and more of them where a test asks, on a database and a virtual host of their own.
/// </summary>
public class TestFleet : IAsyncLifetime
{
    private static readonly Uri Broker = new(Needed("FLEET_TEST_RABBITMQ"));
    private static readonly string Management = Needed("FLEET_TEST_RABBITMQ_UI");

    private readonly DatabaseFixture _house = new();
    private readonly List<WebApplication> _controls = [];
    private readonly HashSet<string> _agents = [];
    private static readonly HttpClient Rabbit = new()
    {
        BaseAddress = new Uri(Management.TrimEnd('/') + "/api/"),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Broker.UserInfo))),
        },
    };

    public string VirtualHost { get; } = $"fleet-test-{Guid.NewGuid():n}";

    /// <summary>What the first Control serves.</summary>
    public HttpClient Http { get; private set; } = null!;

    internal TestLog Log { get; } = new();

    internal DatabaseFixture House => _house;

    public IServiceProvider Services => _controls[0].Services;

    public virtual async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        await Tell(HttpMethod.Put, $"vhosts/{VirtualHost}");
        Http = await Control(Settings);
    }

    /// <summary>Another Control process, as one with the admin's key sees it.</summary>
    public async Task<HttpClient> Control(params (string Key, string Value)[] settings)
    {
        var app = Build(settings);
        _controls.Add(app);
        await app.StartAsync();
        return Client(app, File.ReadAllText(Path.Combine(_house.Directory, "admin.key")).Trim());
    }

    /// <summary>Ends the Control that was started last, as an operator would.</summary>
    public Task StopLast() => _controls[^1].StopAsync();

    /// <summary>The first Control, asked with this secret, or with none.</summary>
    public HttpClient With(string? secret) => Client(_controls[0], secret);

    /// <summary>A name that no other test has: users of the broker belong to all its virtual hosts.</summary>
    public string NewName() => Known($"t{Guid.NewGuid():n}"[..12]);

    /// <summary>The user of this agent is deleted in the end.</summary>
    public string Known(string name)
    {
        _agents.Add(name);
        return name;
    }

    /// <summary>A key with these scopes, as a client.</summary>
    public async Task<HttpClient> WithScopes(params string[] scopes)
    {
        using var answer = await Http.PostAsJsonAsync("/v1/api-keys", new { name = "test", scopes });
        return With((await answer.Json(201)).GetProperty("key").GetString());
    }

    public async Task<string> EnrolmentToken(object body)
    {
        using var answer = await Http.PostAsJsonAsync("/v1/agents/enrolments", body);
        return (await answer.Json(201)).GetProperty("token").GetString()!;
    }

    /// <summary>An agent that is enrolled; nothing more.</summary>
    public async Task<string> AgentToken(string name)
    {
        using var http = With(await EnrolmentToken(new { name }));
        using var answer = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        return (await answer.Json(201)).GetProperty("agent_token").GetString()!;
    }

    /// <summary>An agent that is there, with its own login at the broker.</summary>
    /// <param name="pool">A label that several share.</param>
    /// <param name="slots">Beside the usual ones.</param>
    internal Task<TestAgent> Agent(string? name = null, string pool = "none", Dictionary<string, int>? slots = null) =>
        TestAgent.Start(this, name ?? NewName(), pool, slots ?? []);

    public async Task<string> Submit(object job)
    {
        using var answer = await Http.PostAsJsonAsync("/v1/jobs", job);
        return (await answer.Json(202)).GetProperty("job_id").GetString()!;
    }

    public async Task<JsonElement> Get(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await answer.Json(200);
    }

    public Task<IConnection> Connect(string user, string password, string? virtualHost = null) => new ConnectionFactory
    {
        HostName = Broker.Host,
        Port = Broker.Port,
        VirtualHost = virtualHost ?? VirtualHost,
        UserName = user,
        Password = password,
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync();

    /// <summary>Whether the broker lets the user in; it closes a connection that it does not want after a moment.</summary>
    public async Task<bool> MayConnect(string user, string password, string? virtualHost = null, List<IConnection>? kept = null)
    {
        try
        {
            var connection = await Connect(user, password, virtualHost);
            kept?.Add(connection);
            await (await connection.CreateChannelAsync()).DisposeAsync();
            if (kept is null)
                await connection.DisposeAsync();
            return true;
        }
        catch (Exception refused) when (refused is RabbitMQClientException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>As whoever runs the broker.</summary>
    public Task<IConnection> ConnectAsAdmin() => Connect(Broker.UserInfo.Split(':')[0], Broker.UserInfo.Split(':')[1]);

    public static async Task<JsonElement> Ask(string path)
    {
        using var answer = await Rabbit.GetAsync(path);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    public async Task DisposeAsync()
    {
        foreach (var control in _controls)
        {
            await control.StopAsync();
            await control.DisposeAsync();
        }

        foreach (var agent in _agents)
            await Tell(HttpMethod.Delete, $"users/agent-{agent}");
        await Tell(HttpMethod.Delete, $"vhosts/{VirtualHost}");
        await _house.DisposeAsync();
    }

    /// <summary>Of the first Control.</summary>
    protected virtual (string Key, string Value)[] Settings => [];

    /// <summary>A slice of the test's own.</summary>
    protected virtual void AddMore(IHostApplicationBuilder builder)
    {
    }

    protected virtual void MapMore(WebApplication app)
    {
    }

    private static HttpClient Client(WebApplication app, string? secret)
    {
        var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
        if (secret is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return http;
    }

    private WebApplication Build((string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _house.Directory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Postgres:ConnectionString"] = _house.ConnectionString,
            ["Postgres:MaxConnections"] = "10",
            ["Rabbit:Host"] = Broker.Host,
            ["Rabbit:Port"] = Broker.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Rabbit:VirtualHost"] = VirtualHost,
            ["Rabbit:User"] = Broker.UserInfo.Split(':')[0],
            ["Rabbit:Password"] = Broker.UserInfo.Split(':')[1],
            ["Broker:ManagementUrl"] = Management,
            ["Broker:User"] = Broker.UserInfo.Split(':')[0],
            ["Broker:Password"] = Broker.UserInfo.Split(':')[1],
            ["Broker:MessagesAtOnce"] = "20000",
            ["Broker:TimeoutSeconds"] = "60",
            ["Access:CacheSeconds"] = "0.3",
            ["Agents:TokenOverlapSeconds"] = "10",
            ["Agents:MostPending"] = "5",
            ["Audit:RefusalsPerMinute"] = "10000",
            ["Logging:LogLevel:Default"] = "Warning",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.AddPlatform();
        builder.AddFleetHttp();
        builder.AddAccess();
        builder.AddAgents();
        builder.AddArtifacts();
        builder.AddJobs();
        builder.AddDatasets();
        builder.AddExperiments();
        builder.AddNotebooks();
        builder.AddDeadLetters();
        builder.AddQueues();
        builder.AddWebhooks();
        builder.AddAudit();
        AddMore(builder);
        builder.AddPackets();
        builder.AddControlBus();
        var app = builder.Build();
        app.UseAudit();
        app.UseFleetHttp();
        app.MapAccess();
        app.MapAgents();
        app.MapArtifacts();
        app.MapWorkEngine();
        app.MapJobs();
        app.MapDatasets();
        app.MapExperiments();
        app.MapNotebooks();
        app.MapDeadLetters();
        app.MapQueues();
        app.MapWebhooks();
        app.MapAudit();
        app.MapPackets();
        MapMore(app);
        return app;
    }

    /// <summary>Over the broker's management API.</summary>
    public static async Task Tell(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put)
            request.Content = JsonContent.Create(body ?? new { });
        using var answer = await Rabbit.SendAsync(request);
    }

    private static string Needed(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException("These tests need a RabbitMQ server: run ./compose/test.sh");
}
