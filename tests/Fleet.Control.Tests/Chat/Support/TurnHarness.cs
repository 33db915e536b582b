using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Chat;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Chat.Support;

/// <summary>
/// The lifecycle of turns on MassTransit's harness: messages over a bus in memory, turns in a dictionary. Conversations and
/// journals are in a database.
/// </summary>
public sealed class TurnHarness : IAsyncLifetime
{
    /// <summary>When a turn on trial is submitted, unless its test says otherwise.</summary>
    public static readonly DateTimeOffset Start = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkKind Kind = new(TurnSpec.Kind, Turn.FamilyName, TurnPieces.Streams, TurnNote.Stream);

    private readonly ConcurrentDictionary<Guid, Said> _said = new();
    private readonly RowStore<Conversation> _conversations = new();
    private readonly ServiceProvider _services;
    private WorkKinds _kinds = null!;

    public TurnHarness() => _services = new ServiceCollection()
        .AddSingleton(new LeaseSettings())
        .AddSingleton(Settings)
        .AddSingleton<TurnMemory>()
        .AddMassTransitTestHarness(TextWriter.Null, bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddSagaStateMachine<TurnLifecycle, Turn>().InMemoryRepository();
            bus.UsingInMemory((context, memory) => memory.ReceiveEndpoint("turns", endpoint =>
            {
                endpoint.UseFilter(new GiveUnit(this));
                endpoint.ConfigureSaga<Turn>(context);
            }));
        })
        .BuildServiceProvider(validateScopes: true);

    internal ChatSettings Settings { get; } = new();

    internal DatabaseFixture House { get; } = new();

    public async Task InitializeAsync()
    {
        await House.InitializeAsync();
        var family = new TurnFamily(new TurnLifecycle(new LeaseSettings(), new TurnMemory(Settings)), new WorkRowStore<Turn>());
        _kinds = new WorkKinds([Kind], [family], [_conversations, new WorkRowStore<Turn>()]);
        await _services.GetRequiredService<ITestHarness>().Start();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await House.DisposeAsync();
    }

    /// <summary>Returns when the lifecycle has handled the message and its unit is stored.</summary>
    internal async Task<UnitOfWork> Say(Guid turn, object message, DateTimeOffset now, Guid? token = null)
    {
        await using var db = House.Db();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var said = new Said(turn, new UnitOfWork(db, _kinds, now), new TaskCompletionSource());
        var id = Guid.NewGuid();
        _said[id] = said;
        var turns = await _services.GetRequiredService<ITestHarness>().Bus.GetSendEndpoint(new Uri("exchange:turns"));
        await turns.Send(message, message.GetType(), Pipe.Execute<SendContext>(send =>
        {
            send.MessageId = id;
            if (token is not null)
                send.Headers.Set(MessageHeaders.SchedulingTokenId, token.Value.ToString("N"));
        }));
        await said.Done.Task.Within();
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        _conversations.AddSaves(new RowSaves(batch), said.Unit);
        JournalSql.AddInserts(batch, said.Unit.Entries);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return said.Unit;
    }

    internal Turn Row(Guid turn) => _services.GetRequiredService<IndexedSagaDictionary<Turn>>()[turn]!.Instance;

    internal async Task<HarnessConversation> Conversation()
    {
        var id = Guid.CreateVersion7();
        await using var db = House.Db();
        db.Add(new Conversation
        {
            CorrelationId = id,
            Tenant = "default",
            Owner = HarnessConversation.User,
            CreatedAt = Start,
            ChangedAt = Start,
        });
        await db.SaveChangesAsync();
        return new HarnessConversation(this, id);
    }

    private sealed record Said(Guid Turn, UnitOfWork Unit, TaskCompletionSource Done);

    /// <summary>What the store gives a lifecycle: the unit, and a scheduler whose timers are rows of it.</summary>
    private sealed class GiveUnit(TurnHarness trial) : IFilter<ConsumeContext>
    {
        public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            var said = trial._said[context.MessageId!.Value];
            context.GetOrAddPayload(() => said.Unit);
            context.GetOrAddPayload<MessageSchedulerContext>(() =>
                new ConsumeMessageSchedulerContext(context, _ => OutboxScheduler.For(said.Unit, said.Turn)));
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

/// <summary>A conversation on trial.</summary>
internal sealed class HarnessConversation(TurnHarness trial, Guid id)
{
    public static readonly Guid User = Guid.CreateVersion7();

    public Guid Id => id;

    public async Task<Conversation> Row()
    {
        await using var db = trial.House.Db();
        return await db.Set<Conversation>().AsNoTracking().SingleAsync(row => row.CorrelationId == id);
    }

    public async Task<Exchange> Exchange(HarnessTurn turn)
    {
        await using var db = trial.House.Db();
        return await db.Set<Exchange>().AsNoTracking().SingleAsync(row => row.ConversationId == id && row.TurnId == turn.Id);
    }

    /// <summary>A turn that waits.</summary>
    public async Task<HarnessTurn> Ask(string question, bool askAgain = false, Guid? retryOf = null)
    {
        var turn = new HarnessTurn(trial);
        var spec = new TurnSpec([new ChatMessage("user", question)], WireId.Format(id), "u", "user", AskAgain: askAgain);
        await turn.Say(new SubmitWork(
            turn.Id, TurnSpec.Kind, SpecJson.Write(spec), "default", null, new Dictionary<string, string>(), 5, 3, 1800, null,
            new WorkTarget(null, new Dictionary<string, string>()), RetryOf: retryOf, Capability: ReadyUpstream.Generation,
            Upstream: "protocol:aichat", Owner: User));
        return turn;
    }

    /// <summary>A turn that is over.</summary>
    public async Task<HarnessTurn> Answered(string question, string answer, string? upstreamConversation = null)
    {
        var turn = await Ask(question);
        await turn.Begin();
        await turn.Succeed(answer, upstreamConversation);
        return turn;
    }
}

/// <summary>One turn on trial, as far as a test has taken it.</summary>
internal sealed class HarnessTurn(TurnHarness trial)
{
    private const string Agent = "worker-1";

    private readonly List<JournalEntry> _journal = [];

    public Guid Id { get; } = Guid.CreateVersion7();

    public DateTimeOffset Now { get; set; } = TurnHarness.Start;

    public Turn Row => trial.Row(Id);

    public TurnView View => TurnView.Of(Row);

    public IEnumerable<string> History => _journal.Select(entry => entry.Type);

    /// <summary>What a watcher reads.</summary>
    public IEnumerable<(string Name, JsonElement Data)> Events => _journal.Where(entry => !entry.IsLast).Select(entry =>
    {
        var (name, data) = TurnEvents.Of(entry);
        return (name, JsonDocument.Parse(data).RootElement);
    });

    public async Task<UnitOfWork> Say(object message, Guid? token = null)
    {
        var unit = await trial.Say(Id, message, Now, token);
        _journal.AddRange(unit.Entries);
        return unit;
    }

    /// <summary>Assigned and started; what the agent was told.</summary>
    public async Task<(RunAttempt Order, TurnSpec Spec)> Begin(string upstream = "up")
    {
        var unit = await Assign(upstream);
        await Say(new AttemptStarted(Id, TurnSpec.Kind, Row.Attempt, Agent));
        var order = unit.Sends.Select(send => send.Message).OfType<RunAttempt>().Single();
        return (order, SpecJson.Read<TurnSpec>(order.SpecJson));
    }

    public Task<UnitOfWork> Assign(string upstream = "up") =>
        Say(new AssignWork(Id, TurnSpec.Kind, Agent, Guid.NewGuid(), Upstream: upstream));

    public Task<UnitOfWork> Write(string text, string stream = "content") => Write(Encoding.UTF8.GetBytes(text), stream);

    public Task<UnitOfWork> Write(byte[] bytes, string stream = "content") =>
        Say(new AttemptOutput(Id, TurnSpec.Kind, Row.Attempt, Agent, [new OutputChunk(stream, bytes)]));

    public Task<UnitOfWork> Succeed(string answer, string? upstreamConversation = null) => Finish(new AttemptResult(
        AttemptOutcome.Succeeded,
        ResultJson: JsonSerializer.Serialize(
            new TurnResult(answer, "up", Streamed: true, UpstreamConversation: upstreamConversation, InputTokens: 3, OutputTokens: 4),
            FleetJson.Options)));

    public Task<UnitOfWork> Fail(string code, bool isFinal = false) =>
        Finish(new AttemptResult(AttemptOutcome.Failed, ErrorCode: code, ErrorMessage: "It broke.", IsFinal: isFinal));

    public Task<UnitOfWork> Finish(AttemptResult result) => Say(new AttemptFinished(Id, TurnSpec.Kind, Row.Attempt, Agent, result));

    public Task<UnitOfWork> Lose(string reason = LossReasons.AgentLost) => Say(new AttemptLost(Id, TurnSpec.Kind, Row.Attempt, reason));

    public Task<UnitOfWork> Cancel() => Say(new CancelWork(Id, TurnSpec.Kind, "somebody"));
}
