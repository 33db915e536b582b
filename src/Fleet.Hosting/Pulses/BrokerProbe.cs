using System.Text.Json;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Tells a broker that is away, or takes nothing because its memory or disk is full, from a bus that is dead: it sends
/// one pulse over a connection of its own.
/// </summary>
internal sealed class BrokerProbe(BusHost bus)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<bool> Works(string queue, CancellationToken stop)
    {
        try
        {
            await Send(queue, stop).WaitAsync(Patience, stop);
            return true;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>False when nobody reads one of these queues, or it is gone; true when that cannot be found out.</summary>
    public async Task<bool> AreRead(IEnumerable<string> queues, CancellationToken stop)
    {
        try
        {
            return await CountReaders(queues, stop).WaitAsync(Patience, stop);
        }
        catch (OperationInterruptedException gone) when (gone.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<bool> CountReaders(IEnumerable<string> queues, CancellationToken stop)
    {
        await using var connection = await bus.Settings.Open(bus.Name + " probe", bus.LogIn, stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        foreach (var queue in queues)
        {
            if ((await channel.QueueDeclarePassiveAsync(queue, stop)).ConsumerCount == 0)
                return false;
        }

        return true;
    }

    private async Task Send(string queue, CancellationToken stop)
    {
        await using var connection = await bus.Settings.Open(bus.Name + " probe", bus.LogIn, stop);
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(confirmed, stop);
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Expiration = "60000" };
        await channel.BasicPublishAsync(queue, routingKey: "", mandatory: false, properties, Envelope(), stop);
    }

    private static byte[] Envelope() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        messageId = Guid.NewGuid(),
        messageType = new[] { MessageUrn.ForTypeString<Pulse>() },
        message = new { process = Guid.Empty },
    });
}
