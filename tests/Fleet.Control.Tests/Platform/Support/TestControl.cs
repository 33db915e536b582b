using Fleet.Contracts.Agents;
using Fleet.Contracts.Work;
using Fleet.Control.Agents;
using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Artifacts;
using Fleet.Control.Datasets;
using Fleet.Control.Experiments;
using Fleet.Control.Jobs;
using Fleet.Control.Platform;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Schedules;
using Fleet.Control.Tests.Support;
using Fleet.Control.Webhooks;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>
/// One Control process without its doors: the engine and the jobs on a real database. Only what a test starts runs.
/// What leaves goes to <see cref="SentMessages"/>; several on one database are several processes.
/// </summary>
internal sealed class TestControl : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Stack<IHostedService> _running = new();

    private TestControl(IHost host, TestLog log)
    {
        _host = host;
        Log = log;
    }

    public TestLog Log { get; }

    public SentMessages Post => Get<SentMessages>();

    public GroupCommit Commits => Get<GroupCommit>();

    public static TestControl On(DatabaseFixture house, Action<IServiceCollection>? change = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Postgres:ConnectionString"] = house.ConnectionString,
            ["Postgres:MaxConnections"] = "10",
            ["Rabbit:User"] = "nobody", // its bus is in memory
            ["Rabbit:Password"] = "none",
        });
        var log = new TestLog();
        builder.Logging.AddProvider(log);
        builder.AddPlatform();
        builder.AddAgents();
        builder.AddArtifacts();
        builder.AddJobs();
        builder.AddDatasets();
        builder.AddExperiments();
        builder.AddWebhooks();
        builder.AddSchedules();
        builder.Services.AddMediator(mediator =>
        {
            mediator.AddConsumer<ReportConsumer>();
            mediator.AddConsumer<RecordBeatsConsumer>();
        });
        builder.Services.AddTestPost();
        change?.Invoke(builder.Services);
        var host = builder.Build();
        host.Services.ConnectTestPost();
        return new TestControl(host, log);
    }

    /// <summary>With the group commit running, which nearly everything needs.</summary>
    public static async Task<TestControl> Start(DatabaseFixture house, Action<IServiceCollection>? change = null)
    {
        var control = On(house, change);
        await control.Start<GroupCommit>();
        return control;
    }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task Start<T>() where T : IHostedService
    {
        var service = _host.Services.GetServices<IHostedService>().OfType<T>().Single();
        await service.StartAsync(CancellationToken.None);
        _running.Push(service);
    }

    /// <summary>An agent's process comes, whether the agent is known or not.</summary>
    public async Task Register(string agent, AgentRegistration registration)
    {
        await using (var db = await Get<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync())
            await AgentEnrolments.Admit(db, agent, "{}", new(), mayReturn: true, CancellationToken.None);
        (await Get<AgentSessions>().Register(agent, registration, CancellationToken.None)).ShouldBeOneOf(Hello.New, Hello.Again);
    }

    public Task Register(string agent, Guid session, int slots = 1) => Register(agent, new AgentRegistration(
        session, "1", "host", "linux", "x64", new Dictionary<string, int> { ["noop"] = slots }, new Dictionary<string, string>()));

    /// <summary>One process commits one thing.</summary>
    public Task Commit(Func<UnitOfWork, Task> work, params RowRef[] touches) => Commits.Run(touches, work);

    /// <summary>A message comes to its consumer, as from the bus.</summary>
    public Task Deliver(object message) => Get<MassTransit.Mediator.IMediator>().Send(message);

    /// <summary>The event passes its lifecycle, as one commit.</summary>
    public Task Raise(Guid job, IWorkMessage happened) =>
        Commits.Run([RowRef.Of<Job>(job)], unit => unit.Raise(happened), waitsForDatabase: true);

    public async Task Stop<T>() where T : IHostedService =>
        await _running.OfType<T>().Single().StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var service))
            await service.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        else
            _host.Dispose();
    }
}
