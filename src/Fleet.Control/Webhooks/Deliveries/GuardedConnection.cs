using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// Connects to what a name means at this moment: the name is resolved once, and the addresses that are checked are those
/// that are called, so that a name cannot mean something else in between.
/// </summary>
internal sealed class GuardedConnection(AddressRules rules)
{
    public async ValueTask<Stream> Open(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var host = context.DnsEndPoint.Host;
        var open = Allowed(host, await Resolve(host, stop));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="RefusedAddressException">None of them may be called.</exception>
    private IPAddress[] Allowed(string host, IPAddress[] addresses)
    {
        var open = addresses.Where(address => rules.WhyNot(address) is null).ToArray();
        if (open.Length > 0)
            return open;
        var address = addresses[0];
        var named = IPAddress.TryParse(host.Trim('[', ']'), out _) ? $"{address} is" : $"{host} is {address},";
        throw new RefusedAddressException(
            $"{named} {rules.WhyNot(address)}, which is not called unless Webhooks:AllowedNetworks names it.");
    }

    private static async Task<IPAddress[]> Resolve(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
            return [literal];
        var addresses = await Dns.GetHostAddressesAsync(host, stop);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>The receiver lies where nobody may be called.</summary>
internal sealed class RefusedAddressException(string sentence) : IOException(sentence);
