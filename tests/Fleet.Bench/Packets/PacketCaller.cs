using System.Diagnostics;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Packets;

/// <summary>One connection that asks the same again and again, with a few requests in flight.</summary>
internal sealed class PacketCaller : IDisposable
{
    public const string Path = "/ws";

    /// <summary>Requests that wait for their answers.</summary>
    public const int InFlight = 16;

    /// <summary>The first byte of an answer that is none; it ends the run.</summary>
    private const byte Error = 1;

    private readonly ClientWebSocket _socket = new();

    /// <param name="opcode">The request's first byte; the key's hash follows it.</param>
    public static byte[] Request(string key, byte opcode, params ReadOnlySpan<byte> body) =>
        [opcode, .. SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16), .. body];

    public Task Connect(Uri server, CancellationToken stop) =>
        _socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = Path }.Uri, stop);

    /// <returns>How many answers came until it was stopped.</returns>
    public async Task<long> Ask(byte[] request, bool isEcho, Latencies latencies, CancellationToken stop)
    {
        var (buffer, sentAt, answers) = (new byte[4096], new long[InFlight], 0L);
        for (var i = 0; i < InFlight; i++)
            await Send(request, sentAt, i);
        while (!stop.IsCancellationRequested)
        {
            await Receive(buffer, isEcho);
            latencies.Add(Stopwatch.GetElapsedTime(sentAt[answers % InFlight]).TotalMilliseconds);
            await Send(request, sentAt, answers % InFlight);
            answers++;
        }

        return answers;
    }

    public void Dispose() => _socket.Dispose();

    private async Task Receive(byte[] buffer, bool isEcho)
    {
        ValueWebSocketReceiveResult part;
        var isFirst = true;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (part.MessageType != WebSocketMessageType.Binary || (isFirst && !isEcho && buffer[0] == Error))
                throw new InvalidOperationException($"Refused: {Encoding.UTF8.GetString(buffer, 0, part.Count)}");
            isFirst = false;
        }
        while (!part.EndOfMessage);
    }

    private ValueTask Send(byte[] request, long[] sentAt, long place)
    {
        sentAt[place] = Stopwatch.GetTimestamp();
        return _socket.SendAsync(request.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }
}
