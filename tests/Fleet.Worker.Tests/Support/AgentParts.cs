using System.Threading.Channels;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Jobs;
using Fleet.Worker.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Support;

/// <summary>An agent without a bus: what it says is caught, and confirmed when the test says so.</summary>
internal sealed class AgentParts : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-worker-").FullName;
    private readonly ControlClient _control;

    public AgentParts(Action<WorkerSettings>? adjust = null)
    {
        Settings = new WorkerSettings
        {
            Name = "tester",
            Token = "token-of-the-test",
            Control = "http://127.0.0.1:1",
            WorkDirectory = _home,
            ReportPatienceSeconds = 600,
        };
        adjust?.Invoke(Settings);
        _control = new ControlClient(Settings);
        Session = new AgentSession(Settings);
        Reporter = new Reporter(Session, Work, Exchange, Settings, NullLogger<Reporter>.Instance);
        Home = new WorkDirectory(Settings, NullLogger<WorkDirectory>.Instance);
        var uploader = new ArtifactUploader(_control, Settings, NullLogger<ArtifactUploader>.Instance);
        var executor = new JobExecutor(new AttemptEnvironment(Settings, Home), uploader, Settings);
        var runner = new AttemptRunner(executor, Reporter, Home, Settings, NullLogger<AttemptRunner>.Instance);
        Desk = new JobDesk(Work, Reporter, runner, Session, NullLogger<JobDesk>.Instance);
    }

    public WorkerSettings Settings { get; }

    public AgentSession Session { get; }

    public WorkInHand Work { get; } = new();

    public CaughtMessages Exchange { get; } = new();

    public Reporter Reporter { get; }

    public WorkDirectory Home { get; }

    public JobDesk Desk { get; }

    /// <summary>Control has answered: from here on reports go out.</summary>
    public async Task Begin()
    {
        Session.Enter(new AgentWelcome("tester", 600, 1800));
        await Reporter.StartAsync(default);
    }

    public RunJob Run(JobSpec spec, Guid? session = null) =>
        new(Guid.CreateVersion7(), 1, session ?? Session.Id, spec, null);

    public RunJob Script(string script) => Run(new JobSpec("command", new CommandSpec(Script: script, Shell: "sh")));

    public RunJob Noop() => Run(new JobSpec("noop"));

    /// <summary>Confirms reports until one tells the end of the attempt, and gives all that was told of it.</summary>
    public async Task<List<AttemptReport>> ToldUntilEnd(RunJob run)
    {
        var told = new List<AttemptReport>();
        while (told.All(news => news.Finished is null))
        {
            var report = await Exchange.Next();
            told.AddRange(report.Attempts.Where(news => news.JobId == run.JobId && news.Attempt == run.Attempt));
            Reporter.Confirm(report.Number);
        }

        return told;
    }

    public async ValueTask DisposeAsync()
    {
        await Reporter.StopAsync(default);
        Reporter.Dispose();
        _control.Dispose();
        Home.Dispose();
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
