using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Fleet.Chaos.Proxy;

/// <summary>
/// Repeats deliveries of one AMQP connection, and changes their order. The broker knows nothing of a repetition, so the
/// second answer to the same delivery is kept from it.
/// </summary>
internal sealed class DeliveryTamper(Weather weather, Random random)
{
    private const byte Method = 1;
    private const byte Header = 2;
    private const byte Body = 3;
    private const ushort BasicClass = 60;
    private const ushort Deliver = 60;
    private const ushort Ack = 80;
    private const ushort Reject = 90;
    private const ushort Nack = 120;
    private const int Window = 8;
    private const int RepeatEvery = 3;

    private readonly Dictionary<ushort, Delivery> _incoming = [];
    private readonly List<Delivery> _held = [];

    /// <summary>Deliveries that went out twice, and whether the first answer has passed.</summary>
    private readonly ConcurrentDictionary<(ushort Channel, ulong Tag), bool> _repeated = [];

    private int _count;

    public int Duplicated { get; private set; }

    public int Shuffled { get; private set; }

    public bool Holds => _held.Count > 0;

    /// <summary>A frame from the broker; what comes out goes to the client.</summary>
    public IEnumerable<byte[]> Take(byte[] frame)
    {
        var channel = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1));
        if (IsBasic(frame, Deliver))
        {
            _incoming[channel] = new Delivery(channel, TagOf(frame)) { Frames = { frame } };
            return [];
        }

        if (frame[0] is not (Header or Body) || !_incoming.TryGetValue(channel, out var delivery))
            return Release().Append(frame); // what closes a channel must not overtake what came over it
        delivery.Add(frame);
        if (!delivery.IsWhole)
            return [];
        _incoming.Remove(channel);
        return Pass(delivery);
    }

    /// <summary>What was held back, in some order.</summary>
    public IEnumerable<byte[]> Release()
    {
        Shuffled += _held.Count;
        var order = _held.ToArray();
        _held.Clear();
        random.Shuffle(order);
        return order.SelectMany(delivery => delivery.Frames);
    }

    /// <summary>Whether a frame from the client may go to the broker.</summary>
    public bool Passes(byte[] frame)
    {
        if (_repeated.IsEmpty || !(IsBasic(frame, Ack) || IsBasic(frame, Reject) || IsBasic(frame, Nack)))
            return true;
        var key = (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1)),
            BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(AmqpFrames.HeadBytes + 4)));
        if (!_repeated.TryGetValue(key, out var isAnswered))
            return true;
        if (isAnswered)
            _repeated.TryRemove(key, out _);
        else
            _repeated[key] = true;
        return !isAnswered;
    }

    private IEnumerable<byte[]> Pass(Delivery delivery)
    {
        List<Delivery> copies = [delivery];
        if (weather.Duplicates && ++_count % RepeatEvery == 0)
        {
            Duplicated++;
            _repeated[(delivery.Channel, delivery.Tag)] = false;
            copies.Add(delivery);
        }

        if (!weather.Shuffles)
            return Release().Concat(copies.SelectMany(copy => copy.Frames));
        _held.AddRange(copies);
        return _held.Count >= Window ? Release() : [];
    }

    private static bool IsBasic(byte[] frame, ushort method) =>
        frame[0] == Method
        && frame.Length > AmqpFrames.HeadBytes + 4
        && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(AmqpFrames.HeadBytes)) == BasicClass
        && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(AmqpFrames.HeadBytes + 2)) == method;

    /// <summary>Behind the consumer's tag, a short text.</summary>
    private static ulong TagOf(byte[] deliver)
    {
        var arguments = AmqpFrames.HeadBytes + 4;
        return BinaryPrimitives.ReadUInt64BigEndian(deliver.AsSpan(arguments + 1 + deliver[arguments]));
    }

    private sealed class Delivery(ushort channel, ulong tag)
    {
        private ulong _missing = ulong.MaxValue;

        public ushort Channel { get; } = channel;

        public ulong Tag { get; } = tag;

        public List<byte[]> Frames { get; } = [];

        public bool IsWhole => _missing == 0;

        public void Add(byte[] frame)
        {
            Frames.Add(frame);
            if (frame[0] == Header)
                _missing = BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(AmqpFrames.HeadBytes + 4));
            else
                _missing -= (ulong)(frame.Length - AmqpFrames.HeadBytes - 1);
        }
    }
}
