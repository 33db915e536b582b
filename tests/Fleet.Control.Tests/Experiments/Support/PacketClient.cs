using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Tests.Experiments.Support;

/// <summary>A client of the binary socket.</summary>
internal sealed class PacketClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private byte[] _key;

    private PacketClient(string key) => _key = SHA256.HashData(Encoding.UTF8.GetBytes(key))[..16];

    public static async Task<PacketClient> Connect(Uri control, string key, bool deflate = false)
    {
        var client = new PacketClient(key);
        if (deflate)
            client._socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await client._socket.ConnectAsync(new UriBuilder(control) { Scheme = "ws", Path = "/ws" }.Uri, default).Within();
        return client;
    }

    public WebSocket Socket => _socket;

    /// <summary>From now on it shows another key.</summary>
    public void Use(string key) => _key = SHA256.HashData(Encoding.UTF8.GetBytes(key))[..16];

    public Task Send(Opcode opcode, params object[] body) => SendRaw(Request(opcode, body));

    public byte[] Request(Opcode opcode, params object[] body) => [(byte)opcode, .. _key, .. body.SelectMany(Bytes)];

    public Task SendRaw(byte[] message, WebSocketMessageType type = WebSocketMessageType.Binary, bool end = true) =>
        _socket.SendAsync(message, type, end, default).Within();

    public async Task<Packet> Receive()
    {
        var (buffer, length) = (new byte[1 << 22], 0);
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(length), default).AsTask().Within();
            part.MessageType.ShouldBe(WebSocketMessageType.Binary);
            length += part.Count;
            if (part.EndOfMessage)
                return Packet.Read(buffer.AsMemory(0, length));
        }
    }

    public async Task<Packet> Ask(Opcode opcode, params object[] body)
    {
        await Send(opcode, body);
        return await Receive();
    }

    public async Task<JsonElement> Success(Opcode opcode, params object[] body) => (await Ask(opcode, body)).Success();

    public async Task<JsonElement> Data(string type, Opcode opcode, params object[] body)
    {
        var packet = await Ask(opcode, body);
        packet.Type.ShouldBe(PacketType.Data, packet.Sections.Count > 1 ? packet.Text(1) : "");
        packet.Text(0).ShouldBe(type);
        return JsonDocument.Parse(packet.Sections[1]).RootElement;
    }

    public async Task<(PacketError Code, string Message, string Details)> Error(Opcode opcode, params object[] body) =>
        (await Ask(opcode, body)).Error();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A text behind one byte of its length.</summary>
    public static byte[] Short(string text) => [(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A text behind two bytes of its length.</summary>
    public static byte[] Long(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private static byte[] Bytes(object field)
    {
        var bytes = new byte[8];
        switch (field)
        {
            case byte[] raw:
                return raw;
            case byte one:
                return [one];
            case uint four:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, four);
                return bytes[..4];
            case double number:
                BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
                return bytes;
            case long number:
                BinaryPrimitives.WriteInt64BigEndian(bytes, number);
                return bytes;
            default:
                return Short((string)field);
        }
    }
}

internal static class PacketExtensions
{
    public static JsonElement Success(this Packet packet)
    {
        packet.Type.ShouldBe(PacketType.Success, packet.Type == PacketType.Error ? $"{packet.Text(1)}: {packet.Text(2)}" : "");
        packet.Sections.Count.ShouldBe(1);
        var json = JsonDocument.Parse(packet.Sections[0]).RootElement;
        json.GetProperty("success").GetBoolean().ShouldBeTrue();
        return json;
    }

    public static (PacketError Code, string Message, string Details) Error(this Packet packet)
    {
        packet.Type.ShouldBe(PacketType.Error);
        packet.Sections.Count.ShouldBe(3);
        packet.Sections[0].Length.ShouldBe(1);
        return ((PacketError)packet.Sections[0].Span[0], packet.Text(1), packet.Text(2));
    }
}
