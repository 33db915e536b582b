using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Control.Platform.Access;

/// <summary>
/// Who may call the paths of clients that know no keys without one: section <c>OpenAccess</c>.
/// </summary>
public sealed class OpenAccessSettings : IValidatableObject
{
    private static readonly string[] Loopback = ["127.0.0.0/8", "::1/128"];

    /// <summary>
    /// Networks, as <c>10.1.0.0/16</c>, or addresses. Empty means this machine alone; <c>none</c> means nobody.
    /// </summary>
    public string[] Networks { get; set; } = [];

    /// <summary>Who their work belongs to.</summary>
    public string Tenant { get; set; } = "open";

    /// <summary>
    /// Networks or addresses of edges that are believed when they say who calls. Empty means this machine alone.
    /// </summary>
    public string[] Edges { get; set; } = [];

    internal IEnumerable<IPNetwork> OpenNetworks => Read(Networks);

    internal IEnumerable<IPNetwork> TrustedEdges => Read(Edges);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in Networks.Where(text => text != "none" && !TryParse(text, out _)))
            yield return new($"OpenAccess:Networks holds networks such as 10.1.0.0/16, addresses, or none, not '{network}'.");
        foreach (var edge in Edges.Where(text => !TryParse(text, out _)))
            yield return new($"OpenAccess:Edges holds networks such as 10.1.0.0/16 or addresses, not '{edge}'.");
        if (!Tenants.IsName(Tenant))
            yield return new("OpenAccess:Tenant has lower-case letters, digits and inner hyphens, at most 60.");
    }

    private static IEnumerable<IPNetwork> Read(string[] texts)
    {
        foreach (var text in texts.Length == 0 ? Loopback : texts)
        {
            if (TryParse(text, out var network))
                yield return network;
        }
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
            return IPNetwork.TryParse(text, out network);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
