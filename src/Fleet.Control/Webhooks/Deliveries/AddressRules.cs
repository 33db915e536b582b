using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// Which addresses may be called. Receivers' URLs come from outside, so only what is public on the internet is open to
/// them (IANA's special-purpose registries list what is not), and what a setting allows.
/// </summary>
internal sealed class AddressRules(WebhookSettings settings)
{
    private static readonly (IPNetwork Network, string Word)[] Special = new (string, string)[]
    {
        ("0.0.0.0/8", "an unspecified"), ("10.0.0.0/8", "a private"), ("100.64.0.0/10", "a carrier's private"),
        ("127.0.0.0/8", "a loopback"), ("169.254.0.0/16", "a link-local or metadata"), ("172.16.0.0/12", "a private"),
        ("192.0.0.0/24", "a reserved"), ("192.0.2.0/24", "a documentation"), ("192.88.99.0/24", "a reserved"),
        ("192.168.0.0/16", "a private"), ("198.18.0.0/15", "a benchmarking"), ("198.51.100.0/24", "a documentation"),
        ("203.0.113.0/24", "a documentation"), ("224.0.0.0/4", "a multicast"), ("240.0.0.0/4", "a reserved"),
        ("::/128", "an unspecified"), ("::1/128", "a loopback"), ("fc00::/7", "a private"), ("fe80::/10", "a link-local"),
        ("fec0::/10", "a site-local"), ("ff00::/8", "a multicast"), ("2001::/23", "a reserved"),
        ("2001:db8::/32", "a documentation"), ("2002::/16", "a tunnel's"), ("3fff::/20", "a documentation"),
    }.Select(entry => (IPNetwork.Parse(entry.Item1), entry.Item2)).ToArray();

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private readonly IPNetwork[] _allowed = [.. settings.AllowedNetworks.Select(IPNetwork.Parse)];

    /// <summary>Why the address may not be called, as a noun phrase; null when it may.</summary>
    public string? WhyNot(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        if (_allowed.Any(network => network.Contains(plain)))
            return null;
        foreach (var (network, word) in Special)
        {
            if (network.Contains(plain))
                return $"{word} address";
        }

        return plain.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(plain)
            ? "a reserved address"
            : null;
    }
}
