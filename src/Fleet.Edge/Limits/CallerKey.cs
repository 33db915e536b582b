using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Edge.Limits;

/// <summary>Who is calling, as far as the door can tell. Keys are hashed: memory holds none of them.</summary>
internal static class CallerKey
{
    private const string Bearer = "Bearer ";

    /// <summary>Null when the request carries no API key.</summary>
    public static UInt128? OfToken(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString().AsSpan();
        if (header.Length <= Bearer.Length || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return null;
        var token = header[Bearer.Length..].TrimStart(' ');
        var most = Encoding.UTF8.GetMaxByteCount(token.Length);
        var bytes = most <= 1024 ? stackalloc byte[1024] : new byte[most];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>An IPv6 caller owns a whole /64, so that is what counts as one address.</summary>
    public static UInt128 OfAddress(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null)
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
            address = address.MapToIPv6();
        address.TryWriteBytes(bytes, out _);
        if (!address.IsIPv4MappedToIPv6)
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
