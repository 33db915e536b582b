using MassTransit;

namespace Fleet.Hosting;

/// <summary>
/// Sends messages with what MassTransit lacks: at most 50 at once, each with a time-out, and each refused when no
/// queue takes it. While the broker is away a send would otherwise wait without end.
/// </summary>
public sealed class BusSender(IPublishBus bus, RabbitSettings settings) : IDisposable
{
    private const int MostInFlight = 50;

    private static readonly TimeSpan Relevance = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _room = new(MostInFlight);
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(settings.SendTimeoutSeconds);
    private volatile IBus _bus = bus;

    /// <summary>Returns when the broker has confirmed that a queue holds the message.</summary>
    /// <param name="exchange">An <c>exchange:</c> address.</param>
    /// <param name="messageId">The same for every repetition of the same message.</param>
    /// <exception cref="TimeoutException">The broker did not confirm in time; it may have the message all the
    /// same.</exception>
    public Task Send(Uri exchange, object message, Guid messageId, CancellationToken stop) =>
        Within(exchange, token => Deliver(exchange, message, messageId, token), stop);

    /// <summary>
    /// Says something whose loss costs nothing but time: not stored by the broker, forgotten after a minute, and nobody
    /// need listen.
    /// </summary>
    /// <exception cref="TimeoutException">The broker did not confirm in time.</exception>
    public Task Tell(Uri exchange, object message, CancellationToken stop) =>
        Within(exchange, token => Mention(exchange, message, token), stop);

    public void Dispose() => _room.Dispose();

    /// <summary>What is sent from now on goes over another bus.</summary>
    internal void Use(IBus another) => _bus = another;

    private async Task Within(Uri exchange, Func<CancellationToken, Task> send, CancellationToken stop)
    {
        await _room.WaitAsync(stop);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(_timeout);
            await send(patience.Token).WaitAsync(_timeout + TimeSpan.FromSeconds(1), stop);
        }
        catch (Exception failure) when (failure.GetBaseException() is OperationCanceledException) // the transport wraps it
        {
            stop.ThrowIfCancellationRequested();
            throw new TimeoutException($"The broker did not confirm a message to {exchange} within {_timeout.TotalSeconds} s.", failure);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task Mention(Uri exchange, object message, CancellationToken stop)
    {
        var endpoint = await _bus.GetSendEndpoint(exchange);
        await endpoint.Send(
            message,
            message.GetType(),
            Pipe.Execute<SendContext>(send =>
            {
                send.Durable = false;
                send.TimeToLive = Relevance;
            }),
            stop);
    }

    private async Task Deliver(Uri exchange, object message, Guid messageId, CancellationToken stop)
    {
        var endpoint = await _bus.GetSendEndpoint(exchange);
        await endpoint.Send(
            message,
            message.GetType(),
            Pipe.Execute<SendContext>(send =>
            {
                send.MessageId = messageId;
                if (send.TryGetPayload(out RabbitMqSendContext? rabbit))
                    rabbit.Mandatory = true;
            }),
            stop);
    }
}
