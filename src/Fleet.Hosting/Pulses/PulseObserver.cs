using System.Collections.Concurrent;
using MassTransit;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Knows which of this process's queues brings anything. Queues that several processes read bring each of them only a
/// part of all pulses, so whatever arrives counts.
/// </summary>
internal sealed class PulseObserver : IReceiveObserver
{
    private readonly ConcurrentDictionary<Uri, Queue> _byAddress = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, Queue> _queues = new();

    public IEnumerable<string> Queues => _queues.Keys;

    public void ListenTo(string queue) => _queues.TryAdd(queue, new Queue());

    /// <summary>
    /// Queues that brought nothing since this was asked last. One whose deliveries are being handled is no such queue:
    /// it may wait for the database.
    /// </summary>
    public IReadOnlyList<string> TakeSilent() =>
        [.. _queues.Where(queue => queue.Value.TakeHeard() == 0 && !queue.Value.IsAtWork).Select(queue => queue.Key)];

    public Task PreReceive(ReceiveContext context)
    {
        Of(context).Begin(context);
        return Task.CompletedTask;
    }

    public Task PostReceive(ReceiveContext context)
    {
        Of(context).End(context);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Of(context).End(context);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class =>
        Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    private Queue Of(ReceiveContext context) => _byAddress.GetOrAdd(
        context.InputAddress,
        (address, queues) => queues.GetValueOrDefault(address.AbsolutePath.Split('/')[^1]) ?? new Queue(),
        _queues);

    private sealed class Queue
    {
        /// <summary>
        /// Not a count: of one that cannot be read, the end is told twice. A delivery that ends cannot be asked for its
        /// token any more.
        /// </summary>
        private readonly ConcurrentDictionary<ReceiveContext, CancellationToken> _inWork =
            new(ReferenceEqualityComparer.Instance);

        private int _heard;

        /// <summary>Those of a connection that has ended do not count: their end may never be told.</summary>
        public bool IsAtWork => _inWork.Values.Any(ended => !ended.IsCancellationRequested);

        public int TakeHeard() => Interlocked.Exchange(ref _heard, 0);

        public void Begin(ReceiveContext context)
        {
            _inWork[context] = context.CancellationToken;
            Volatile.Write(ref _heard, 1);
        }

        public void End(ReceiveContext context) => _inWork.TryRemove(context, out _);
    }
}
