using System.Buffers.Binary;

namespace Fleet.Chaos.Proxy;

/// <summary>
/// Cuts a stream of AMQP 0-9-1 into its frames: type, channel, size, payload, end mark
/// (https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, 4.2.3).
/// </summary>
internal sealed class AmqpFrames(BufferedStream stream)
{
    public const int HeadBytes = 7;

    private const int GreetingBytes = 8;
    private const int EndBytes = 1;

    /// <summary>What a client says before its first frame.</summary>
    public async Task<byte[]> ReadGreeting()
    {
        var greeting = new byte[GreetingBytes];
        await stream.ReadExactlyAsync(greeting);
        return greeting;
    }

    /// <summary>Null at the end.</summary>
    public async Task<byte[]?> Read()
    {
        var head = new byte[HeadBytes];
        if (await stream.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes)
            return null;
        var frame = new byte[HeadBytes + BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(3)) + EndBytes];
        head.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(HeadBytes));
        return frame;
    }
}
