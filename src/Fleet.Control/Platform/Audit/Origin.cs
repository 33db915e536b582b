using System.Net;

namespace Fleet.Control.Platform.Audit;

/// <summary>Where a request came from: what a trusted edge says, or who is at the other end of the connection.</summary>
internal sealed class Origin
{
    private readonly IPNetwork[] _edges;

    public Origin(AuditSettings settings) =>
        _edges = [.. settings.TrustedEdges.Select(text =>
            AuditSettings.TryParseNetwork(text, out var network) ? network : throw new FormatException(text))];

    public string Of(HttpContext context)
    {
        if (Plain(context.Connection.RemoteIpAddress) is not { } peer)
            return AuditRow.Unknown;
        return IsEdge(peer)
            && context.Request.Headers["X-Forwarded-For"] is [.., { } said]
            && IPAddress.TryParse(said.AsSpan(said.LastIndexOf(',') + 1).Trim(), out var client)
                ? Plain(client)!.ToString()
                : peer.ToString();
    }

    private bool IsEdge(IPAddress peer) =>
        _edges.Length == 0 ? IPAddress.IsLoopback(peer) : Array.Exists(_edges, edge => edge.Contains(peer));

    private static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
