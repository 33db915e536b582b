using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Fleet.Chaos.Proxy;

/// <summary>One connection through a <see cref="Relay"/>.</summary>
internal sealed class RelayedConnection(Socket client, Weather weather, Random random) : IDisposable
{
    private const int MostWaitingFrames = 256;
    private const int BufferBytes = 64 * 1024;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(150);

    private readonly Socket _server =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private readonly DeliveryTamper _tamper = new(weather, random);
    private readonly TaskCompletionSource _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHalfOpen;

    public int Duplicated => _tamper.Duplicated;

    public int Shuffled => _tamper.Shuffled;

    /// <summary>Until one end closes; when the other may not know that, until it is reset.</summary>
    public async Task Carry(int port, bool speaksAmqp)
    {
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(IPAddress.Loopback, port);
            using var near = new NetworkStream(client);
            using var far = new NetworkStream(_server);
            Task[] ways = speaksAmqp
                ? [FramesUp(near, far), FramesDown(far, near)]
                : [Bytes(near, far, Up), Bytes(far, near, Down)];
            await Task.WhenAny([.. ways, _reset.Task]);
            if (_isHalfOpen)
                await _reset.Task;
        }
        catch (SocketException)
        {
            // nobody listens there now: the client is told so by the end of its connection
        }
    }

    public void Reset()
    {
        foreach (var socket in (Socket[])[client, _server])
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // it is closed already
            }
        }

        _reset.TrySetResult();
    }

    public void HalfOpen()
    {
        _isHalfOpen = true;
        _server.Dispose();
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private static BufferedStream Buffered(NetworkStream stream) => new(stream, BufferBytes);

    private bool Up() => weather.StallsUp;

    private bool Down() => weather.StallsDown;

    private static async Task Bytes(NetworkStream from, NetworkStream to, Func<bool> stalls)
    {
        var buffer = new byte[BufferBytes];
        await Quietly(async () =>
        {
            for (int read; (read = await from.ReadAsync(buffer)) > 0;)
            {
                await WhileStalled(stalls);
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        });
    }

    private Task FramesUp(NetworkStream from, NetworkStream to) => Quietly(async () =>
    {
        var frames = new AmqpFrames(Buffered(from));
        await to.WriteAsync(await frames.ReadGreeting());
        while (await frames.Read() is { } frame)
        {
            await WhileStalled(Up);
            if (_tamper.Passes(frame))
                await to.WriteAsync(frame);
        }
    });

    private Task FramesDown(NetworkStream from, NetworkStream to) => Quietly(async () =>
    {
        var frames = Channel.CreateBounded<byte[]>(MostWaitingFrames);
        _ = ReadAll(new AmqpFrames(Buffered(from)), frames.Writer);
        while (await Next(frames.Reader))
        {
            await WhileStalled(Down);
            if (!frames.Reader.TryRead(out var frame))
            {
                foreach (var bytes in _tamper.Release())
                    await to.WriteAsync(bytes);
                continue;
            }

            foreach (var bytes in _tamper.Take(frame))
                await to.WriteAsync(bytes);
        }
    });

    /// <summary>True when there is a frame, or when what is held back has waited long enough.</summary>
    private async Task<bool> Next(ChannelReader<byte[]> frames)
    {
        var next = frames.WaitToReadAsync().AsTask();
        if (_tamper.Holds && await Task.WhenAny(next, Task.Delay(LongestHold)) != next)
            return true;
        return await next;
    }

    private static async Task ReadAll(AmqpFrames frames, ChannelWriter<byte[]> to)
    {
        await Quietly(async () =>
        {
            while (await frames.Read() is { } frame)
                await to.WriteAsync(frame);
        });
        to.TryComplete();
    }

    private static async Task WhileStalled(Func<bool> stalls)
    {
        while (stalls())
            await Task.Delay(Glance);
    }

    /// <summary>A connection may end in any way.</summary>
    private static async Task Quietly(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException)
        {
            // so does the relay's side of it
        }
    }
}
