using System.Threading.Channels;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Hosting;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Models;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Leases;
using Fleet.Worker.Platform.Reports;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Platform.Upstreams;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Worker.Tests.Support;

/// <summary>An agent without a bus: what it says is caught, and confirmed when the test says so.</summary>
internal sealed class AgentParts : IAsyncDisposable
{
    private readonly string _home;
    private readonly bool _isOwnHome;
    private readonly ControlClient _control;

    /// <param name="home">A directory that stays, with a log that somebody else opens.</param>
    public AgentParts(Action<WorkerSettings>? adjust = null, string? home = null)
    {
        _home = home ?? Directory.CreateTempSubdirectory("fleet-worker-").FullName;
        _isOwnHome = home is null;
        Settings = new WorkerSettings
        {
            Name = "tester",
            Token = "token-of-the-test",
            Control = "http://127.0.0.1:1",
            WorkDirectory = _home,
            ReportPatienceSeconds = 600,
            RunAs = JobUsers.Self,
        };
        adjust?.Invoke(Settings);
        _control = new ControlClient(Settings);
        AttemptLog = new AttemptLog(Settings.AttemptLogBytes);
        if (_isOwnHome)
            AttemptLog.Open(Path.Combine(_home, "attempt-log"));
        Session = new AgentSession(Settings, new Lease(Clock, Settings), Clock);
        Reporter = new Reporter(Session, Work, AttemptLog, Exchange, Settings, NullLogger<Reporter>.Instance);
        var users = new JobUsers(Settings);
        var cgroups = new AttemptCgroups(Settings, NullLogger<AttemptCgroups>.Instance);
        Home = new WorkDirectory(Settings, users, cgroups, NullLogger<WorkDirectory>.Instance);
        LeaseGuard = new LeaseGuard(Home, users, TimeProvider.System, NullLogger<LeaseGuard>.Instance);
        Keeper = new LeaseKeeper(Session, Work, LeaseGuard, NullLogger<LeaseKeeper>.Instance);
        var uploader = new ArtifactUploader(_control, Settings, NullLogger<ArtifactUploader>.Instance);
        var commands = new CommandExecutor(new CommandEnvironment(Settings, Home), cgroups, uploader, Settings);
        Upstreams = new UpstreamRegistry(Settings);
        var models = new ModelCallExecutor(Upstreams, Settings, TimeProvider.System);
        var executors = new Executors([commands, models, new NoopExecutor()]);
        var runner = new AttemptRunner(
            executors, Reporter, AttemptLog, Session, Keeper, Home, users, Settings, NullLogger<AttemptRunner>.Instance);
        Dispatcher = new AttemptDispatcher(
            Work, AttemptLog, Reporter, runner, Session, NullLogger<AttemptDispatcher>.Instance);
    }

    public WorkerSettings Settings { get; }

    public AgentSession Session { get; }

    public BrokerReach Broker { get; } = new(new RabbitSettings(), TimeProvider.System, NullLogger<BrokerReach>.Instance);

    /// <summary>What leases are counted by.</summary>
    public FakeTimeProvider Clock { get; } = new();

    public WorkInHand Work { get; } = new();

    public AttemptLog AttemptLog { get; }

    public LeaseGuard LeaseGuard { get; }

    /// <summary>Looks when the test says so.</summary>
    public LeaseKeeper Keeper { get; }

    public CaughtMessages Exchange { get; } = new();

    public Reporter Reporter { get; }

    public WorkDirectory Home { get; }

    public AttemptDispatcher Dispatcher { get; }

    public UpstreamRegistry Upstreams { get; }

    /// <summary>Control has answered: from here on reports go out.</summary>
    public async Task Begin(double leaseSeconds = 1800)
    {
        Enter(leaseSeconds);
        await Reporter.StartAsync(default);
    }

    /// <summary>Control has answered.</summary>
    public void Enter(double leaseSeconds = 1800) =>
        Session.Enter(new AgentWelcome("tester", leaseSeconds / 3, leaseSeconds), Clock.GetTimestamp());

    public RunAttempt Run(string kind, string specJson = SpecJson.Empty, Guid? session = null) =>
        new(Guid.CreateVersion7(), kind, 1, session ?? Session.Id, specJson);

    public RunAttempt Script(string script) =>
        Run(JobKinds.Command, SpecJson.Write(new CommandSpec(Script: script, Shell: "sh")));

    public RunAttempt Noop() => Run(JobKinds.Noop);

    /// <summary>Confirms reports until they have told the end of the attempts, and gives all that was told of these.</summary>
    public async Task<List<AttemptReport>> ToldUntilEnd(params RunAttempt[] runs)
    {
        var told = new List<AttemptReport>();
        while (told.Count(news => news.Finished is not null) < runs.Length)
        {
            var report = await Exchange.Next();
            told.AddRange(report.Attempts.Where(news => runs.Any(run => news.WorkId == run.WorkId && news.Attempt == run.Attempt)));
            Reporter.Confirm(report.Number);
        }

        return told;
    }

    public async ValueTask DisposeAsync()
    {
        await Reporter.StopAsync(default);
        Reporter.Dispose();
        Keeper.Dispose();
        AttemptLog.Dispose();
        _control.Dispose();
        Upstreams.Dispose();
        Home.Dispose();
        if (_isOwnHome)
            await DirectoryTree.Delete(_home);
    }
}

/// <summary>The exchange of an agent, as a list.</summary>
internal sealed class CaughtMessages : IOutExchange
{
    private readonly Channel<(object Message, Guid Id)> _sent = Channel.CreateUnbounded<(object, Guid)>();

    /// <summary>When set, sending fails with it.</summary>
    public Exception? Failure { get; set; }

    public int Waiting => _sent.Reader.Count;

    public Task Send(object message, Guid messageId, CancellationToken stop)
    {
        _sent.Writer.TryWrite((message, messageId));
        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }

    public async Task<(object Message, Guid Id)> NextMessage() => await _sent.Reader.ReadAsync().AsTask().Within();

    public async Task<AgentReport> Next() => (AgentReport)(await NextMessage()).Message;
}
