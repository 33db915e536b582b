using System.Collections.Concurrent;
using MassTransit;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Knows which of this process's queues brings anything. Queues that several processes read bring each of them only a
/// part of all pulses, so whatever arrives counts.
/// </summary>
internal sealed class PulseEar : IReceiveObserver
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
        [.. _queues.Where(queue => queue.Value.TakeHeard() == 0 && queue.Value.InWork == 0).Select(queue => queue.Key)];

    public Task PreReceive(ReceiveContext context)
    {
        Of(context).Begin();
        return Task.CompletedTask;
    }

    public Task PostReceive(ReceiveContext context)
    {
        Of(context).End();
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Of(context).End();
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
        private int _heard;
        private int _inWork;

        public int InWork => Volatile.Read(ref _inWork);

        public int TakeHeard() => Interlocked.Exchange(ref _heard, 0);

        public void Begin()
        {
            Interlocked.Increment(ref _inWork);
            Volatile.Write(ref _heard, 1);
        }

        public void End() => Interlocked.Decrement(ref _inWork);
    }
}
