using System.Text;
using Fleet.Chaos.Target;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Chaos.Faults;

/// <summary>Messages that are none, in the name of every agent and to every agent.</summary>
internal sealed class MalformedFault(ChaosFleet fleet, int seed) : IFault
{
    private const int Rounds = 20;

    public async Task Begin(CancellationToken stop)
    {
        var random = new Random(seed);
        var factory = new ConnectionFactory { Uri = fleet.BrokerAddress, ClientProvidedName = "fleet-chaos" };
        await using var connection = await factory.CreateConnectionAsync(stop);
        foreach (var agent in fleet.Processes.Names.Workers)
        {
            foreach (var exchange in (string[])[$"agent-{agent}-out", $"agent-{agent}"])
                await Publish(connection, exchange, random, stop);
        }
    }

    public Task End(CancellationToken stop) => Task.CompletedTask;

    /// <summary>An exchange that a wiped broker does not know yet closes the channel, and only that.</summary>
    private static async Task Publish(IConnection connection, string exchange, Random random, CancellationToken stop)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
            for (var round = 0; round < Rounds; round++)
            {
                var properties = new BasicProperties
                {
                    ContentType = "application/vnd.masstransit+json",
                    MessageId = $"{Guid.NewGuid()}",
                };
                await channel.BasicPublishAsync(exchange, "", mandatory: false, properties, Body(round, random), stop);
            }
        }
        catch (Exception closed) when (closed
            is AlreadyClosedException or OperationInterruptedException or ObjectDisposedException)
        {
            // there is nobody to harm
        }
    }

    private static byte[] Body(int round, Random random)
    {
        var noise = new byte[random.Next(0, 2000)];
        random.NextBytes(noise);
        return (round % 8) switch
        {
            0 => noise,
            1 => [],
            2 => Encoding.UTF8.GetBytes("{\"messageId\":\"" + Guid.NewGuid() + "\",\"message"),
            3 => Encoding.UTF8.GetBytes(new string('[', 5000)),
            4 => Envelope("urn:message:Fleet.Contracts.Agents:AgentReport", "7"),
            5 => Envelope("urn:message:Fleet.Contracts.Agents:AgentBeat", "{\"agent\":null,\"inHand\":[null]}"),
            6 => Envelope("urn:message:Fleet.Contracts.Attempts:RunAttempts", "{\"attempts\":[null]}"),
            _ => Envelope("urn:message:Fleet.Contracts.Work:CancelWork", "{\"workId\":\"" + Guid.NewGuid() + "\"}"),
        };
    }

    private static byte[] Envelope(string type, string message) => Encoding.UTF8.GetBytes(
        $$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["{{type}}"],"headers":{},"message":{{message}} }""");
}
