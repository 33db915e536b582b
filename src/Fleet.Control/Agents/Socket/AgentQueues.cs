using System.Threading.Channels;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Control.Agents.Socket;

/// <summary>
/// Reads the queues of the agents that hang on this process, as their workers would. Many share a channel of one connection: a
/// channel each would cost more than all else of an agent.
/// </summary>
internal sealed class AgentQueues(RabbitSettings rabbit, AgentTopology topology, ILogger<AgentQueues> logger) : IAsyncDisposable
{
    private const int MostOnChannel = 100;
    private const ushort Prefetch = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _opening = new(1);
    private readonly List<SharedChannel> _channels = [];
    private IConnection? _connection;

    /// <summary>Reads until it is stopped, whatever becomes of the broker in between.</summary>
    /// <param name="take">False gives the message back to the queue.</param>
    public async Task Read(string agent, Func<byte[], Task<bool>> take, CancellationToken stop)
    {
        for (var isAgain = false; !stop.IsCancellationRequested; isAgain = true)
        {
            try
            {
                if (isAgain)
                    await topology.DeclareSilent(agent, stop); // the broker may have lost all it knew
                await ReadOnce(AgentAddress.Queue(agent), take, stop);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                SocketLog.QueueAway(logger, agent, failure.Message);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _opening.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    /// <summary>Returns when the queue is gone, or the way to it.</summary>
    private async Task ReadOnce(string queue, Func<byte[], Task<bool>> take, CancellationToken stop)
    {
        var channel = await Take(stop);
        var waiting = Channel.CreateUnbounded<Delivery>(); // the broker sends no more than the prefetch
        try
        {
            var tag = await channel.Inner.BasicConsumeAsync(queue, autoAck: false, ConsumerOf(channel, waiting.Writer), stop);
            try
            {
                await foreach (var delivery in waiting.Reader.ReadAllAsync(stop))
                    await Settle(channel.Inner, delivery, take);
            }
            finally
            {
                await GiveBack(channel.Inner, tag, waiting);
            }
        }
        finally
        {
            Interlocked.Decrement(ref channel.Readers);
        }
    }

    /// <summary>What could not be taken goes back to the queue; the broker gives it up after so many times.</summary>
    private static async Task Settle(IChannel channel, Delivery delivery, Func<byte[], Task<bool>> take)
    {
        var isTaken = false;
        try
        {
            isTaken = await take(delivery.Body);
        }
        finally
        {
            if (isTaken)
                await channel.BasicAckAsync(delivery.Tag, multiple: false);
            else
                await channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true);
        }
    }

    private static AsyncEventingBasicConsumer ConsumerOf(SharedChannel channel, ChannelWriter<Delivery> waiting)
    {
        var consumer = new AsyncEventingBasicConsumer(channel.Inner);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            waiting.TryWrite(new Delivery(delivery.DeliveryTag, delivery.Body.ToArray()));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) => Complete(waiting);
        consumer.ShutdownAsync += (_, _) => Complete(waiting);
        return consumer;
    }

    private static Task Complete(ChannelWriter<Delivery> waiting)
    {
        waiting.TryComplete();
        return Task.CompletedTask;
    }

    /// <summary>The channel goes on for others: what was not taken is the next reader's.</summary>
    private static async Task GiveBack(IChannel channel, string tag, Channel<Delivery> waiting)
    {
        if (!channel.IsOpen)
            return;
        try
        {
            await channel.BasicCancelAsync(tag); // what is on its way comes before the word that nothing more does
            using var patience = new CancellationTokenSource(Patience);
            await foreach (var left in waiting.Reader.ReadAllAsync(patience.Token))
                await channel.BasicNackAsync(left.Tag, multiple: false, requeue: true);
        }
        catch (Exception failure) when (!channel.IsOpen || failure is OperationCanceledException)
        {
            // the broker gives it back itself
        }
    }

    private async Task<SharedChannel> Take(CancellationToken stop)
    {
        await _opening.WaitAsync(stop);
        try
        {
            _channels.RemoveAll(channel => !channel.Inner.IsOpen);
            var free = _channels.Find(channel => Volatile.Read(ref channel.Readers) < MostOnChannel);
            if (free is null)
            {
                if (_connection is not { IsOpen: true })
                    _connection = await rabbit.Open($"fleet-control@{Environment.MachineName} sockets", stop);
                free = new SharedChannel(await _connection.CreateChannelAsync(cancellationToken: stop));
                await free.Inner.BasicQosAsync(0, Prefetch, global: false, stop); // of each consumer
                _channels.Add(free);
            }

            Interlocked.Increment(ref free.Readers);
            return free;
        }
        finally
        {
            _opening.Release();
        }
    }

    private sealed class SharedChannel(IChannel inner)
    {
        public int Readers;

        public IChannel Inner { get; } = inner;
    }

    private readonly record struct Delivery(ulong Tag, byte[] Body);
}
