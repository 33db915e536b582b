using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Notebooks;
using Fleet.Control.Tests.Support;
using MassTransit;
using MassTransit.Serialization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Control.Tests.Agents.Support;

/// <summary>
/// An agent without the worker's program: registered over HTTP, at the broker with a raw client, and free to misbehave.
/// </summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly TestFleet _fleet;
    private readonly string _pool;
    private readonly Dictionary<string, int> _slots;
    private IConnection? _connection;
    private IChannel? _channel;
    private long _report;
    private long _beat;

    private TestAgent(TestFleet fleet, string name, string token, string pool, Dictionary<string, int> slots)
    {
        (_fleet, Name, Token, _pool, _slots) = (fleet, name, token, pool, slots);
        Http = fleet.With(token);
    }

    public string Name { get; }

    public string Token { get; }

    public Guid Session { get; set; } = Guid.NewGuid();

    /// <summary>With the agent's own token.</summary>
    public HttpClient Http { get; }

    public BrokerLogin Login { get; private set; } = null!;

    public IConnection Connection => _connection!;

    /// <summary>Set when the broker has closed the connection.</summary>
    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it was told to run.</summary>
    public ConcurrentQueue<RunAttempt> Runs { get; } = new();

    /// <summary>The tunnels that it was asked for.</summary>
    public ConcurrentQueue<OpenTunnel> Tunnels { get; } = new();

    /// <summary>The files of notebooks that it was asked for.</summary>
    public ConcurrentQueue<PackWorkspace> Packs { get; } = new();

    /// <summary>When it was asked for its models.</summary>
    public ConcurrentQueue<LookAgain> Looks { get; } = new();

    /// <summary>What it says to a question; null leaves it alone.</summary>
    public Func<AskAgent, string?> Answers { get; set; } = _ => "";

    /// <summary>The questions that it says it answers.</summary>
    public string Known { get; set; } = AskAgent.All;

    /// <summary>The schedules that it was told to hold.</summary>
    public ConcurrentQueue<HoldSchedules> Held { get; } = new();

    /// <summary>Due times that it need not say again.</summary>
    public ConcurrentQueue<ScheduleDue> Fired { get; } = new();

    /// <summary>Events of its host that it need not say again.</summary>
    public ConcurrentQueue<Guid> Happened { get; } = new();

    /// <summary>Numbers of reports that are stored.</summary>
    public ConcurrentQueue<ReportStored> Stored { get; } = new();

    public static async Task<TestAgent> Start(TestFleet fleet, string name, string pool, Dictionary<string, int> slots)
    {
        var agent = new TestAgent(fleet, name, await fleet.AgentToken(name), pool, slots);
        await agent.Register();
        await agent.Connect();
        await agent.Beat();
        await Eventually.True(
            async () => (await fleet.Get($"/v1/agents/{name}")).GetProperty("state").GetString() != "offline", "its beat is stored");
        return agent;
    }

    public Task<HttpResponseMessage> TryRegister(string? name = null, Guid? session = null) => Http.PutAsJsonAsync(
        $"/v1/agents/{name ?? Name}",
        new
        {
            session = session ?? Session,
            version = "1",
            hostname = "here",
            os = "linux",
            arch = "x64",
            slots = new Dictionary<string, int>(_slots) { ["command"] = 4, ["noop"] = 4 },
            labels = new Dictionary<string, string> { ["agent"] = Name, ["pool"] = _pool, [AskAgent.Label] = Known, [HoldSchedules.Label] = HoldSchedules.Word },
        });

    public async Task Register()
    {
        using var answer = await TryRegister();
        var login = (await answer.Json(200)).GetProperty("broker");
        Login = new BrokerLogin(login.GetProperty("user").GetString()!, login.GetProperty("password").GetString()!);
    }

    public async Task Connect()
    {
        _connection = await _fleet.Connect(Login.User, Login.Password);
        _connection.ConnectionShutdownAsync += (_, _) =>
        {
            Closed.TrySetResult();
            return Task.CompletedTask;
        };
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Take(delivery.Body.Span);
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(AgentAddress.Queue(Name), autoAck: true, consumer);
    }

    public Task Beat(params RunAttempt[] inHand) => Say(new AgentBeat(
        Name, Session, ++_beat, [.. inHand.Select(run => new AttemptInHand(run.WorkId, run.Attempt))]));

    public Task Report(params AttemptReport[] attempts) => Say(new AgentReport(Name, Session, ++_report, attempts));

    /// <summary>Returns when it is stored: agents say nothing new before, and two Controls would take it in any order.</summary>
    public async Task Deliver(AttemptReport report)
    {
        var number = ++_report;
        await Say(new AgentReport(Name, Session, number, [report]));
        await Eventually.True(() => Stored.Any(stored => stored.Number >= number), $"report {number} of {Name} is stored");
    }

    public Task Say<T>(T message) where T : class => Publish(AgentAddress.Out(Name), Envelope(message));

    /// <summary>Returns when the broker has confirmed it; throws what the broker refuses it with.</summary>
    public async Task Publish(string exchange, byte[] body, BasicProperties? properties = null)
    {
        properties ??= new BasicProperties { ContentType = "application/vnd.masstransit+json" };
        await _channel!.BasicPublishAsync(exchange, "", mandatory: true, properties, body).AsTask().Within();
    }

    public static byte[] Envelope<T>(T message, Action<Dictionary<string, object?>>? forge = null) where T : class
    {
        var envelope = new Dictionary<string, object?>
        {
            ["messageId"] = Guid.CreateVersion7(),
            ["messageType"] = new[] { MessageUrn.ForTypeString<T>() },
            ["message"] = message,
        };
        forge?.Invoke(envelope);
        return JsonSerializer.SerializeToUtf8Bytes(envelope, SystemTextJsonMessageSerializer.Options);
    }

    /// <summary>The next attempt it is told to run.</summary>
    public async Task<RunAttempt> NextRun()
    {
        RunAttempt? run = null;
        await Eventually.True(() => Runs.TryDequeue(out run), $"{Name} is told to run something");
        return run!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private async Task Answer(AskAgent question)
    {
        if (Answers(question) is not { } text)
            return;
        using var body = new StringContent(text);
        using var answer = await Http.PutAsync($"/v1/agents/{Name}/replies/{question.Question:N}", body);
    }

    private void Take(ReadOnlySpan<byte> body)
    {
        var json = Encoding.UTF8.GetString(body);
        var envelope = JsonSerializer.Deserialize<MessageEnvelope>(json, SystemTextJsonMessageSerializer.Options)!;
        var message = (JsonElement)envelope.Message!;
        if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<RunAttempts>()))
        {
            foreach (var run in message.Deserialize<RunAttempts>(SystemTextJsonMessageSerializer.Options)!.Attempts)
                Runs.Enqueue(run);
        }
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<LookAgain>()))
            Looks.Enqueue(message.Deserialize<LookAgain>(SystemTextJsonMessageSerializer.Options)!);
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<OpenTunnel>()))
            Tunnels.Enqueue(message.Deserialize<OpenTunnel>(SystemTextJsonMessageSerializer.Options)!);
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<PackWorkspace>()))
            Packs.Enqueue(message.Deserialize<PackWorkspace>(SystemTextJsonMessageSerializer.Options)!);
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<AskAgent>()))
            _ = Answer(message.Deserialize<AskAgent>(SystemTextJsonMessageSerializer.Options)!);
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<HoldSchedules>()))
            Held.Enqueue(message.Deserialize<HoldSchedules>(SystemTextJsonMessageSerializer.Options)!);
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<FiresStored>()))
        {
            foreach (var due in message.Deserialize<FiresStored>(SystemTextJsonMessageSerializer.Options)!.Due)
                Fired.Enqueue(due);
        }
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<HostEventsStored>()))
        {
            foreach (var key in message.Deserialize<HostEventsStored>(SystemTextJsonMessageSerializer.Options)!.Keys)
                Happened.Enqueue(key);
        }
        else if (envelope.MessageType!.Contains(MessageUrn.ForTypeString<ReportStored>()))
        {
            Stored.Enqueue(message.Deserialize<ReportStored>(SystemTextJsonMessageSerializer.Options)!);
        }
    }
}
