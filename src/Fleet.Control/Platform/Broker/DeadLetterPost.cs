using Fleet.Hosting;
using RabbitMQ.Client;

namespace Fleet.Control.Platform.Broker;

/// <summary>Puts a dead letter back on the way it came, as it was.</summary>
internal sealed class DeadLetterPost(RabbitSettings settings) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IConnection? _connection;

    /// <summary>Returns when a queue holds it.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.PublishException">No queue takes it.</exception>
    public async Task Send(DeadLetter letter, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            if (_connection is not { IsOpen: true })
                _connection = await settings.Open($"fleet-control@{Environment.MachineName} dead letters out", stop);
            var confirmed = new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            await using var channel = await _connection.CreateChannelAsync(confirmed, stop);
            var properties = new BasicProperties
            {
                MessageId = letter.MessageId,
                ContentType = letter.ContentType,
                DeliveryMode = DeliveryModes.Persistent,
            };
            await channel.BasicPublishAsync(letter.Exchange, routingKey: "", mandatory: true, properties, letter.Body, stop)
                .AsTask().WaitAsync(TimeSpan.FromSeconds(settings.SendTimeoutSeconds), stop);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }
}
