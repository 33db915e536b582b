using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Tests.Agents.Support;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;

namespace Fleet.Control.Tests.Agents;

/// <summary>
/// With the login of one agent and a raw client: every AMQP method on every resource that is not its own is refused.
/// </summary>
public sealed class BrokerPermissionTests : IAsyncLifetime
{
    private static readonly BasicProperties Plain = new() { ContentType = "text/plain" };

    private readonly TestFleet _fleet = new();
    private TestAgent _agent = null!;
    private TestAgent _other = null!;

    public async Task InitializeAsync()
    {
        await _fleet.InitializeAsync();
        _agent = await _fleet.Agent();
        _other = await _fleet.Agent();
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _other.DisposeAsync();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_can_be_done_with_what_is_not_its_own()
    {
        await using var similar = await _fleet.Agent(_fleet.Known(_agent.Name + "-b"));
        var allowed = new List<string>();
        foreach (var foreign in Foreign(similar.Name))
        {
            foreach (var (method, act) in OnQueue(foreign).Concat(OnExchange(foreign)))
            {
                if (!await IsRefused(act))
                    allowed.Add($"{method} {foreign}");
            }
        }

        allowed.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_default_exchange_and_those_of_the_broker_take_nothing_from_it()
    {
        var allowed = new List<string>();
        foreach (var key in (string[])[AgentAddress.Queue(_other.Name), "fleet-jobs", "fleet-reports", AgentAddress.Queue(_agent.Name)])
        {
            if (!await IsRefused(channel => Publish(channel, "", key)))
                allowed.Add($"publish to the default exchange for {key}");
        }

        foreach (var exchange in (string[])["amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match", "amq.rabbitmq.trace"])
        {
            foreach (var (method, act) in OnExchange(exchange))
            {
                if (!await IsRefused(act))
                    allowed.Add($"{method} {exchange}");
            }
        }

        allowed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_new_can_be_made()
    {
        (await IsRefused(channel => channel.QueueDeclareAsync("mine", false, true, true))).ShouldBeTrue();
        (await IsRefused(channel => channel.QueueDeclareAsync("", false, true, true))).ShouldBeTrue("a name of the broker's choice");
        (await IsRefused(channel => channel.ExchangeDeclareAsync("mine", "fanout"))).ShouldBeTrue();
        (await IsRefused(channel => channel.QueueDeclareAsync($"agent-{_agent.Name}_error", true, false, false))).ShouldBeTrue();
        (await IsRefused(channel => channel.QueueDeclareAsync($"x-agent-{_agent.Name}", true, false, false))).ShouldBeTrue();
    }

    /// <summary>Deleting and making its own queue anew is its own harm; making it a way to others is refused.</summary>
    [Fact]
    public async Task Its_own_queue_cannot_become_a_way_to_others()
    {
        var own = AgentAddress.Queue(_agent.Name);
        await using var channel = await _agent.Connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(own);
        (await IsRefused(other => other.QueueDeclareAsync(
            own, true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "fleet-jobs" }))).ShouldBeTrue();
        var out_ = AgentAddress.Out(_agent.Name);
        await channel.ExchangeDeleteAsync(out_);
        (await IsRefused(other => other.ExchangeDeclareAsync(
            out_, "fanout", true, false, new Dictionary<string, object?> { ["alternate-exchange"] = "fleet-jobs" }))).ShouldBeTrue();
        await _agent.Register(); // and Control puts it in order again
        await channel.QueueDeclarePassiveAsync(own);
        await channel.ExchangeDeclarePassiveAsync(out_);
    }

    /// <summary>
    /// The broker counts on with what a sender wrote about earlier deaths. A replay goes where the letter says, with
    /// Control's rights: it must not lead to where only another agent may write.
    /// </summary>
    [Fact]
    public async Task What_it_rejects_is_never_replayed_where_it_may_not_write()
    {
        await using var raw = await _fleet.Connect(_other.Login.User, _other.Login.Password);
        await _other.DisposeAsync(); // so that nobody else reads its queue
        await using var channel = await raw.CreateChannelAsync();
        var queue = AgentAddress.Queue(_other.Name);
        var forged = new Dictionary<string, object?>
        {
            ["count"] = 1L,
            ["reason"] = "rejected",
            ["queue"] = queue,
            ["exchange"] = AgentAddress.Out(_agent.Name),
            ["routing-keys"] = new List<object?> { "" },
        };
        var properties = new BasicProperties
        {
            MessageId = Guid.NewGuid().ToString(),
            Headers = new Dictionary<string, object?> { ["x-death"] = new List<object?> { forged } },
        };
        await channel.BasicPublishAsync(queue, "", mandatory: true, properties, new byte[] { 1, 2, 3 });
        await Eventually.True(async () =>
        {
            if (await channel.BasicGetAsync(queue, autoAck: false) is not { } delivery)
                return false;
            await channel.BasicRejectAsync(delivery.DeliveryTag, requeue: false);
            return delivery.BasicProperties.MessageId == properties.MessageId;
        }, "it rejects what it has sent to itself");

        DeadLetter? letter = null;
        await Eventually.True(async () =>
        {
            await using var db = _fleet.House.Db();
            return (letter = await db.Set<DeadLetter>().SingleOrDefaultAsync(one => one.MessageId == properties.MessageId)) is not null;
        }, "it is a dead letter");
        letter!.Endpoint.ShouldBe(queue);
        letter.Exchange.ShouldBe(queue);
    }

    [Fact]
    public async Task It_cannot_speak_under_another_users_name()
    {
        await using var channel = await _agent.Connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var forged = new BasicProperties { UserId = _other.Login.User };
        await Should.ThrowAsync<Exception>(() => channel.BasicPublishAsync(
            AgentAddress.Out(_agent.Name), "", true, forged, new byte[] { 1 }).AsTask().Within());
        channel.CloseReason!.ReplyCode.ShouldBe((ushort)406);
    }

    [Fact]
    public async Task Its_connections_and_channels_are_bounded()
    {
        var open = new List<IConnection>();
        try
        {
            var let = 0;
            for (var i = 0; i < 10; i++)
                let += await _fleet.MayConnect(_agent.Login.User, _agent.Login.Password, kept: open) ? 1 : 0;
            let.ShouldBeInRange(5, 8); // beside its own; the broker counts a moment late
            await Should.ThrowAsync<Exception>(async () =>
            {
                for (var i = 0; i < 100; i++)
                    await _agent.Connection.CreateChannelAsync();
            });
        }
        finally
        {
            foreach (var connection in open)
                await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_broker_knows_it_as_nobody_special()
    {
        var user = await TestFleet.Ask($"users/{_agent.Login.User}");
        user.GetProperty("tags").ToString().ShouldBeOneOf("", "[]");
        using var http = new HttpClient();
        http.BaseAddress = new Uri(Environment.GetEnvironmentVariable("FLEET_TEST_RABBITMQ_UI")!);
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(
            System.Text.Encoding.UTF8.GetBytes($"{_agent.Login.User}:{_agent.Login.Password}")));
        using var answer = await http.GetAsync("/api/queues");
        ((int)answer.StatusCode).ShouldBe(401);
        (await _fleet.MayConnect(_agent.Login.User, _agent.Login.Password, virtualHost: "/")).ShouldBeFalse();
        (await _fleet.MayConnect(_agent.Login.User, _agent.Login.Password)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_waits_for_agents_is_bounded_whatever_they_declare()
    {
        await Eventually.True(async () =>
        {
            var policy = await TestFleet.Ask($"operator-policies/{_fleet.VirtualHost}/fleet-agents");
            return policy.TryGetProperty("definition", out var definition)
                && definition.TryGetProperty("max-length-bytes", out _);
        }, "the broker bounds the queues of agents");
    }

    private IEnumerable<string> Foreign(string similar) =>
    [
        AgentAddress.Queue(_other.Name), AgentAddress.Out(_other.Name), AgentAddress.Queue(similar), AgentAddress.Out(similar),
        "fleet-jobs", "fleet-reports", "fleet-dead-letters", "fleet-wakes",
    ];

    private IEnumerable<(string Method, Func<IChannel, Task> Act)> OnQueue(string queue)
    {
        var (mine, fromMine) = (AgentAddress.Queue(_agent.Name), AgentAddress.Out(_agent.Name));
        yield return ("queue.declare", channel => channel.QueueDeclareAsync(queue, true, false, false));
        yield return ("queue.delete", channel => channel.QueueDeleteAsync(queue));
        yield return ("queue.purge", channel => channel.QueuePurgeAsync(queue));
        yield return ("queue.bind", channel => channel.QueueBindAsync(queue, mine, ""));
        yield return ("queue.bind own out", channel => channel.QueueBindAsync(queue, fromMine, ""));
        yield return ("queue.unbind", channel => channel.QueueUnbindAsync(queue, queue, ""));
        yield return ("basic.get", channel => channel.BasicGetAsync(queue, autoAck: true));
        yield return ("basic.consume", channel => channel.BasicConsumeAsync(queue, true, new AsyncDefaultBasicConsumerOf(channel)));
    }

    private IEnumerable<(string Method, Func<IChannel, Task> Act)> OnExchange(string exchange)
    {
        var (mine, fromMine) = (AgentAddress.Queue(_agent.Name), AgentAddress.Out(_agent.Name));
        yield return ("exchange.declare", channel => channel.ExchangeDeclareAsync(exchange, "fanout", true));
        yield return ("exchange.delete", channel => channel.ExchangeDeleteAsync(exchange));
        yield return ("exchange.bind to", channel => channel.ExchangeBindAsync(exchange, mine, ""));
        yield return ("exchange.bind own out to", channel => channel.ExchangeBindAsync(exchange, fromMine, ""));
        yield return ("exchange.bind from", channel => channel.ExchangeBindAsync(mine, exchange, ""));
        yield return ("exchange.unbind", channel => channel.ExchangeUnbindAsync(exchange, mine, ""));
        yield return ("queue.bind from", channel => channel.QueueBindAsync(mine, exchange, ""));
        yield return ("queue.unbind from", channel => channel.QueueUnbindAsync(mine, exchange, ""));
        yield return ("basic.publish", channel => Publish(channel, exchange, ""));
        yield return ("basic.publish with a key", channel => Publish(channel, exchange, AgentAddress.Queue(_other.Name)));
    }

    private static Task Publish(IChannel channel, string exchange, string key) =>
        channel.BasicPublishAsync(exchange, key, mandatory: false, Plain, new byte[] { 1, 2, 3 }).AsTask();

    /// <summary>Whether the broker closed the channel with 403 ACCESS_REFUSED, the only no that counts here.</summary>
    private async Task<bool> IsRefused(Func<IChannel, Task> act)
    {
        var channel = await _agent.Connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        try
        {
            await act(channel).Within();
            return false;
        }
        catch (Exception) when (channel.CloseReason is { ReplyCode: 403 })
        {
            return true;
        }
        finally
        {
            await channel.DisposeAsync();
        }
    }

    private sealed class AsyncDefaultBasicConsumerOf(IChannel channel) : AsyncDefaultBasicConsumer(channel);
}
