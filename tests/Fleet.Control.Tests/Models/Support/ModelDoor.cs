using System.Net.Http.Headers;
using System.Text;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Access;
using Fleet.Control.Models;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Models.Support;

/// <summary>
/// Per test class: the routes of model calls on a real Kestrel, with the engine of one Control behind them. The agent is
/// the test.
/// </summary>
public sealed class ModelDoor : IAsyncLifetime
{
    private WebApplication _app = null!;

    /// <summary>With the first admin's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public Uri Address => new(_app.Urls.First());

    internal DatabaseFixture House { get; } = new();

    internal TestControl Control { get; private set; } = null!;

    internal TestModels Models { get; } = new();

    internal CallerSettings Callers => _app.Services.GetRequiredService<CallerSettings>();

    internal ModelSettings Settings => _app.Services.GetRequiredService<ModelSettings>();

    public async Task InitializeAsync()
    {
        await House.InitializeAsync();
        Control = await TestControl.Start(House);
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
        builder.AddModels();
        builder.Services.AddSingleton<IModelDirectory>(Models);
        builder.Services.AddSingleton(Control.Get<WorkStatuses>());
        builder.Services.AddSingleton(Control.Get<WorkOperations>());
        builder.Services.AddSingleton(Control.Get<JournalFeed>());
        builder.Services.AddSingleton(Control.Get<IdempotentWork>());
        builder.Services.AddSingleton<IdempotentChange>();
        builder.Services.AddSingleton(Control.Get<InlineArtifacts>());
        builder.Services.AddSingleton(Control.Get<DatabaseClock>());
        _app = builder.Build();
        _app.UseFleetHttp();
        _app.MapAccess();
        _app.MapModels();
        await _app.StartAsync();
        Admin = Client();
        var key = (await File.ReadAllTextAsync(Path.Combine(House.Directory, "admin.key"))).Trim();
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Without a key.</summary>
    public HttpClient Client() => new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Sends JSON; the answer may still come.</summary>
    internal Task<HttpResponseMessage> Post(
        string path, string json, HttpClient? by = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return (by ?? Admin).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A call that was made, once the agent has it.</summary>
    internal async Task<TestCall> Taken(Func<Task<HttpResponseMessage>> call)
    {
        var before = await Newest();
        var answer = call();
        Guid? job = null;
        await Eventually.True(async () => answer.IsCompleted || (job = await Newest()) != before, "the call is a job");
        if (job is null || job == before)
            throw new InvalidOperationException($"No job came of it: {await (await answer).Content.ReadAsStringAsync()}");
        var taken = new TestCall(job.Value, answer, Control);
        await taken.Begin();
        return taken;
    }

    internal async Task<InferenceSpec> Spec(Guid job) => SpecJson.Read<InferenceSpec>((await House.Job(job)).Spec);

    private Task<Guid?> Newest() => House.Ask<Guid?>("select (select id from work order by id desc limit 1)");

    public async Task DisposeAsync()
    {
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Control.DisposeAsync();
        await House.DisposeAsync();
    }
}
