using System.Collections.Concurrent;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Platform.Support;
using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using MassTransit.Testing;

namespace Fleet.Control.Tests.Jobs.Support;

/// <summary>The lifecycle on MassTransit's harness: messages over a bus in memory, rows in a dictionary.</summary>
public sealed class LifecycleHarness : IAsyncLifetime
{
    /// <summary>When a job on trial is submitted, unless its test says otherwise.</summary>
    public static readonly DateTimeOffset Start = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<Guid, Said> _said = new();
    private readonly ServiceProvider _services;

    public LifecycleHarness() => _services = new ServiceCollection()
        .AddSingleton(new LeaseSettings())
        .AddMassTransitTestHarness(TextWriter.Null, bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddSagaStateMachine<JobLifecycle, Job>().InMemoryRepository();
            bus.UsingInMemory((context, memory) => memory.ReceiveEndpoint("jobs", endpoint =>
            {
                endpoint.UseFilter(new GiveUnit(this));
                endpoint.ConfigureSaga<Job>(context);
            }));
        })
        .BuildServiceProvider(validateScopes: true);

    public Task InitializeAsync() => _services.GetRequiredService<ITestHarness>().Start();

    public Task DisposeAsync() => _services.DisposeAsync().AsTask();

    /// <summary>Returns when the lifecycle has handled the message, with what it put into the unit.</summary>
    internal async Task<UnitOfWork> Say(Guid job, object message, DateTimeOffset now, Guid? token = null)
    {
        var said = new Said(job, new UnitOfWork(null!, null!, now), new TaskCompletionSource());
        var id = Guid.NewGuid();
        _said[id] = said;
        var bus = _services.GetRequiredService<ITestHarness>().Bus;
        var jobs = await bus.GetSendEndpoint(new Uri("exchange:jobs"));
        await jobs.Send(message, message.GetType(), Pipe.Execute<SendContext>(send =>
        {
            send.MessageId = id;
            if (token is not null)
                send.Headers.Set(MessageHeaders.SchedulingTokenId, token.Value.ToString("N"));
        }));
        await said.Done.Task.Within();
        return said.Unit;
    }

    /// <summary>Null when there is no such job.</summary>
    internal Job? Row(Guid job) => _services.GetRequiredService<IndexedSagaDictionary<Job>>()[job]?.Instance;

    private sealed record Said(Guid Job, UnitOfWork Unit, TaskCompletionSource Done);

    /// <summary>What the store gives a lifecycle: the unit, and a scheduler whose timers are rows of it.</summary>
    private sealed class GiveUnit(LifecycleHarness trial) : IFilter<ConsumeContext>
    {
        public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            var said = trial._said[context.MessageId!.Value];
            context.GetOrAddPayload(() => said.Unit);
            context.GetOrAddPayload<MessageSchedulerContext>(() =>
                new ConsumeMessageSchedulerContext(context, _ => OutboxScheduler.For(said.Unit, said.Job)));
            try
            {
                await next.Send(context);
                said.Done.SetResult();
            }
            catch (Exception failure)
            {
                said.Done.SetException(failure);
                throw;
            }
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("unit");
    }
}

/// <summary>One job on trial, as far as a test has taken it.</summary>
internal sealed class HarnessJob(LifecycleHarness trial)
{
    public const string Agent = "worker-1";

    private readonly List<JournalEntry> _journal = [];

    public Guid Id { get; } = Guid.CreateVersion7();

    public Guid Session { get; } = Guid.NewGuid();

    public DateTimeOffset Now { get; set; } = LifecycleHarness.Start;

    public Job Row => trial.Row(Id)!;

    /// <summary>Types of the journal's entries in their order.</summary>
    public IEnumerable<string> History => _journal.Select(entry => entry.Type);

    public JournalEntry Last => Entry(1);

    public JournalEntry Entry(int fromEnd) => _journal[^fromEnd];

    public async Task<UnitOfWork> Say(object message, Guid? token = null)
    {
        var unit = await trial.Say(Id, message, Now, token);
        _journal.AddRange(unit.Entries);
        return unit;
    }

    public Task<UnitOfWork> Submit(int maxAttempts = 1, DateTimeOffset? expiresAt = null) =>
        Say(TestJobs.Submission(Id, maxAttempts, expiresAt: expiresAt));

    public Task<UnitOfWork> Assign(string agent = Agent) => Say(new AssignWork(Id, JobKinds.Noop, agent, Session));

    public Task<UnitOfWork> Start(int attempt = 1) => Say(new AttemptStarted(Id, JobKinds.Noop, attempt, Agent));

    public Task<UnitOfWork> Write(string text, string stream = "stdout", int attempt = 1) =>
        Say(new AttemptOutput(Id, JobKinds.Noop, attempt, Agent, [new OutputChunk(stream, System.Text.Encoding.UTF8.GetBytes(text))]));

    public Task<UnitOfWork> Succeed(int attempt = 1) =>
        Say(new AttemptFinished(Id, JobKinds.Noop, attempt, Agent, new AttemptResult(AttemptOutcome.Succeeded, 0)));

    public Task<UnitOfWork> Fail(int attempt = 1, string? code = null) => Say(
        new AttemptFinished(Id, JobKinds.Noop, attempt, Agent, new AttemptResult(AttemptOutcome.Failed, 1, ErrorCode: code, ErrorMessage: "It broke.")));

    public Task<UnitOfWork> Lose(int attempt = 1, string reason = "agent_lost") => Say(new AttemptLost(Id, JobKinds.Noop, attempt, reason));

    public Task<UnitOfWork> Cancel() => Say(new CancelWork(Id, JobKinds.Noop, "somebody"));

    public Task<UnitOfWork> RetryIsDue() => Say(new RetryDue(Id, JobKinds.Noop), Row.RetryToken);

    public Task<UnitOfWork> Expires() => Say(new WorkExpired(Id, JobKinds.Noop), Row.ExpiryToken);

    public Task<UnitOfWork> GraceIsOver() => Say(new CancelGraceOver(Id, JobKinds.Noop, Row.Attempt), Row.GraceToken);
}

internal static class HarnessExtensions
{
    public static HarnessJob New(this LifecycleHarness trial) => new(trial);

    public static async Task<HarnessJob> Queued(this LifecycleHarness trial, int maxAttempts = 1, DateTimeOffset? expiresAt = null)
    {
        var job = trial.New();
        await job.Submit(maxAttempts, expiresAt);
        return job;
    }

    public static async Task<HarnessJob> Assigned(this LifecycleHarness trial, int maxAttempts = 1, DateTimeOffset? expiresAt = null)
    {
        var job = await trial.Queued(maxAttempts, expiresAt);
        await job.Assign();
        return job;
    }

    public static async Task<HarnessJob> Running(this LifecycleHarness trial, int maxAttempts = 1, DateTimeOffset? expiresAt = null)
    {
        var job = await trial.Assigned(maxAttempts, expiresAt);
        await job.Start();
        return job;
    }

    public static async Task<HarnessJob> Cancelling(this LifecycleHarness trial, int maxAttempts = 1)
    {
        var job = await trial.Running(maxAttempts);
        await job.Cancel();
        return job;
    }

    /// <summary>What agents were told in this unit.</summary>
    public static IEnumerable<object> Told(this UnitOfWork unit, string agent = HarnessJob.Agent) => unit.Sends
        .Where(row => !row.IsTimer && row.Destination == AgentChannel.AddressOf(agent).OriginalString).Select(row => row.Message!);

    public static bool AsksForSlot(this UnitOfWork unit, HarnessJob job) =>
        unit.Ready.Any(work => work.Id == job.Id && work.Demand == job.Row.Demand);

    public static bool GivesSlotBack(this UnitOfWork unit, HarnessJob job) => unit.Slots.Contains((job.Id, null));

    /// <summary>Timers that this unit set.</summary>
    public static IEnumerable<OutboxRow> Timers(this UnitOfWork unit) => unit.Sends.Where(row => row.IsTimer);
}
