using System.Text.Json;
using MassTransit;
using RabbitMQ.Client;

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
