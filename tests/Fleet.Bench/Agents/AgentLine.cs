using Fleet.Bench.Target;
using Fleet.Contracts.Agents;
using MassTransit.Serialization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Bench.Agents;

/// <summary>An agent's two connections to the broker, as the worker has them: one to hear, one to speak.</summary>
internal sealed class AgentLine : IAsyncDisposable
{
    private const ushort Prefetch = 16;

    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _out;
    private IConnection? _hearing;
    private IConnection? _speaking;
    private IChannel? _mouth;

    private AgentLine(string agent) => _out = AgentAddress.Out(agent);

    /// <summary>Completes when either connection is gone.</summary>
    public Task Lost => _lost.Task;

    public static async Task<AgentLine> Open(
        RabbitAddress rabbit, string agent, BrokerLogin login, Action<MessageEnvelope> hear, CancellationToken stop)
    {
        var line = new AgentLine(agent);
        try
        {
            var factory = Factory(rabbit, login);
            line._hearing = await line.Connect(factory, agent, stop);
            line._speaking = await line.Connect(factory, agent, stop);
            line._mouth = await line._speaking.CreateChannelAsync(new CreateChannelOptions(true, true), stop);
            await Listen(await line._hearing.CreateChannelAsync(cancellationToken: stop), agent, hear, stop);
            return line;
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the broker has confirmed it.</summary>
    public async Task Say<T>(T message, Guid messageId, CancellationToken stop) where T : class
    {
        var properties = new BasicProperties { ContentType = AgentMail.ContentType, Persistent = true };
        await _mouth!.BasicPublishAsync(_out, "", mandatory: true, properties, AgentMail.Wrap(message, messageId), stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in new[] { _hearing, _speaking })
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    private static ConnectionFactory Factory(RabbitAddress rabbit, BrokerLogin login) => new()
    {
        HostName = rabbit.Host,
        Port = rabbit.Port,
        VirtualHost = rabbit.VirtualHost,
        UserName = login.User,
        Password = login.Password,
        AutomaticRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
    };

    private async Task<IConnection> Connect(ConnectionFactory factory, string name, CancellationToken stop)
    {
        var connection = await factory.CreateConnectionAsync(name, stop);
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            _lost.TrySetResult();
            return Task.CompletedTask;
        };
        return connection;
    }

    private static async Task Listen(IChannel ear, string agent, Action<MessageEnvelope> hear, CancellationToken stop)
    {
        var consumer = new AsyncEventingBasicConsumer(ear);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            hear(AgentMail.Open(delivery.Body.Span));
            await ear.BasicAckAsync(delivery.DeliveryTag, multiple: false, delivery.CancellationToken);
        };
        await ear.BasicQosAsync(0, Prefetch, global: false, stop);
        await ear.BasicConsumeAsync(AgentAddress.Queue(agent), autoAck: false, consumer, stop);
    }
}
