using System.Collections.Concurrent;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// Reads the queue of each agent's messages. All share a channel, on which the broker gives each agent a few messages at a
/// time, and these are handled in the order in which they came: an agent with a thousand more of them waiting has its turn
/// as often as one with a single one.
/// </summary>
internal sealed class ReportReader(
    RabbitSettings rabbit,
    BrokerSettings settings,
    AgentTopology topology,
    IAgentDirectory agents,
    AgentMessages messages,
    ReportsDue due,
    ILogger<ReportReader> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _look = TimeSpan.FromSeconds(settings.ReportLookSeconds);

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
                BrokerLog.ReportsAway(logger, failure.Message);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the way to the broker is gone.</summary>
    private async Task Read(CancellationToken stop)
    {
        await using var connection = await rabbit.Open($"fleet-control@{Environment.MachineName} reports", stop);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: false,
                publisherConfirmationTrackingEnabled: false,
                consumerDispatchConcurrency: (ushort)settings.ReportConcurrency),
            stop);
        await channel.BasicQosAsync(0, (ushort)settings.ReportsAtOnce, global: false, stop); // of each consumer
        channel.ChannelShutdownAsync += (_, _) =>
        {
            due.Set();
            return Task.CompletedTask;
        };
        var read = new ConcurrentDictionary<string, bool>();
        while (channel.IsOpen)
        {
            await ReadMore(channel, read, stop);
            await due.Wait(_look, stop);
        }
    }

    /// <summary>While the database is away, those that are read already are read on.</summary>
    private async Task ReadMore(IChannel channel, ConcurrentDictionary<string, bool> read, CancellationToken stop)
    {
        try
        {
            var unread = (await agents.OnBus(stop)).Where(agent => !read.ContainsKey(agent)).ToList();
            await Parallel.ForEachAsync(
                unread,
                new ParallelOptions { MaxDegreeOfParallelism = settings.DeclareChannels, CancellationToken = stop },
                async (agent, token) => await ReadOne(channel, agent, read, token));
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            BrokerLog.ReportsAway(logger, failure.Message);
        }
    }

    /// <summary>The broker may have lost the queue, and one that is not there would end the channel of all.</summary>
    private async Task ReadOne(IChannel channel, string agent, ConcurrentDictionary<string, bool> read, CancellationToken stop)
    {
        try
        {
            await topology.Declare(agent, stop);
            read[agent] = true;
            await channel.BasicConsumeAsync(
                AgentTopology.ReportQueue(agent), autoAck: false, ConsumerOf(channel, agent, read, stop), stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            read.TryRemove(agent, out _);
            BrokerLog.ReportsOfOneAway(logger, agent, failure.Message);
        }
    }

    private AsyncEventingBasicConsumer ConsumerOf(
        IChannel channel, string agent, ConcurrentDictionary<string, bool> read, CancellationToken stop)
    {
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var isTaken = false;
            try
            {
                await messages.Take(agent, delivery, stop);
                isTaken = true;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                BrokerLog.ReportsOfOneAway(logger, agent, failure.Message);
            }

            await Settle(channel, delivery.DeliveryTag, isTaken);
        };
        consumer.UnregisteredAsync += (_, _) => // its queue is gone: it was revoked, or the broker lost it
        {
            read.TryRemove(agent, out _);
            return Task.CompletedTask;
        };
        return consumer;
    }

    /// <summary>Where the channel has gone the broker gives the message to the next reader by itself.</summary>
    private static async Task Settle(IChannel channel, ulong tag, bool isTaken)
    {
        try
        {
            if (isTaken)
                await channel.BasicAckAsync(tag, multiple: false);
            else
                await channel.BasicNackAsync(tag, multiple: false, requeue: true);
        }
        catch (Exception) when (!channel.IsOpen)
        {
            // it comes again
        }
    }
}

/// <summary>Says that an agent may have come whose messages nobody here reads yet.</summary>
internal sealed class ReportsDue : Signal, IAgentsListener
{
    public void AgentsChanged() => Set();
}
