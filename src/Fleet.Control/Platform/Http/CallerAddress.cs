using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Where a caller is. A trusted edge says so in a header of its own, which it takes from everybody else; of anybody but
/// an edge the header is not read.
/// </summary>
internal sealed class CallerAddress(EdgeSettings edges)
{
    public const string Header = "Fleet-Caller";

    /// <summary>After an address: it is that of a proxy that the edge does not know, whoever may be behind it.</summary>
    private const string Proxied = ";proxied";

    private readonly IPNetwork[] _edges = [.. edges.Networks];

    /// <summary>The nearest address that is known of; null when there is no connection.</summary>
    public IPAddress? Nearest(HttpContext context)
    {
        var said = Said(context);
        return said is not null && TryParse(said.Replace(Proxied, "", StringComparison.Ordinal), out var address)
            ? address
            : Plain(context.Connection.RemoteIpAddress);
    }

    /// <summary>The caller's own address; null where no edge says it without doubt.</summary>
    public IPAddress? Certain(HttpContext context) => TryParse(Said(context), out var address) ? address : null;

    /// <summary>What counts as one caller: an address, of IPv6 the /64 that whoever has one address of it has.</summary>
    public static string NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return address?.ToString() ?? "unknown";
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private string? Said(HttpContext context) =>
        Plain(context.Connection.RemoteIpAddress) is { } peer
        && Array.Exists(_edges, edge => edge.Contains(peer))
        && context.Request.Headers[Header] is [{ } text]
            ? text
            : null;

    private static bool TryParse(string? text, out IPAddress? address)
    {
        var isAddress = IPAddress.TryParse(text, out address);
        address = Plain(address);
        return isAddress;
    }

    private static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
