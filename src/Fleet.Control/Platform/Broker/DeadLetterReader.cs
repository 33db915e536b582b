using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// Reads what the broker itself gave up on, such as a message that was returned too often, into the table.
/// </summary>
internal sealed class DeadLetterReader(
    RabbitSettings settings, DeadLetterBox box, SenderQuota quota, ILogger<DeadLetterBox> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Read(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                BrokerLog.DeadLettersAway(logger, failure.Message);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Read(CancellationToken stop)
    {
        await using var connection = await settings.Open($"fleet-control@{Environment.MachineName} dead letters", stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await Declare(channel, stop);
        await channel.BasicQosAsync(0, 16, global: false, stop);
        var closed = new TaskCompletionSource();
        channel.ChannelShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, letter) =>
        {
            var death = LastDeath(letter);
            if (Text(death, "reason") != "expired") // its sender said how long it matters
                await Keep(letter, death, stop);
            await channel.BasicAckAsync(letter.DeliveryTag, multiple: false, stop);
        };
        await channel.BasicConsumeAsync(FleetBus.DeadLetters, autoAck: false, consumer, stop);
        await closed.Task.WaitAsync(stop);
    }

    /// <summary>
    /// An agent that rejects what it is told must not fill the table either. The exchange that the broker names is not
    /// believed: it counts on what a sender wrote there before, and a replay goes through it with Control's rights.
    /// </summary>
    private async Task Keep(BasicDeliverEventArgs letter, IDictionary<string, object?>? death, CancellationToken stop)
    {
        var queue = Text(death, "queue") ?? FleetBus.DeadLetters;
        if (!quota.Keeps(AgentAddress.OutOfQueue(queue)))
            return;
        var message = new LostMessage(
            queue,
            Exchange: null,
            $"The broker gave it up: {Text(death, "reason") ?? "unknown"}",
            letter.BasicProperties.MessageId,
            letter.BasicProperties.ContentType);
        await box.Keep(message, letter.Body, stop);
    }

    private static async Task Declare(IChannel channel, CancellationToken stop)
    {
        await channel.ExchangeDeclareAsync(FleetBus.DeadLetters, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await channel.QueueDeclareAsync(
            FleetBus.DeadLetters,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" },
            cancellationToken: stop);
        await channel.QueueBindAsync(FleetBus.DeadLetters, FleetBus.DeadLetters, "", cancellationToken: stop);
    }

    /// <summary>The broker puts the latest death first; everything behind it, and other headers, a sender may forge.</summary>
    private static IDictionary<string, object?>? LastDeath(BasicDeliverEventArgs letter) =>
        letter.BasicProperties.Headers?.TryGetValue("x-death", out var deaths) == true
        && deaths is IList<object> { Count: > 0 } list
            ? list[0] as IDictionary<string, object?>
            : null;

    private static string? Text(IDictionary<string, object?>? death, string name) =>
        death?.TryGetValue(name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;
}
