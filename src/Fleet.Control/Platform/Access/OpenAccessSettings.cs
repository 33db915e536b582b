using System.ComponentModel.DataAnnotations;
using System.Net;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Access;

/// <summary>
/// Who may call the paths of clients that know no keys without one: section <c>OpenAccess</c>.
/// </summary>
public sealed class OpenAccessSettings : IValidatableObject
{
    /// <summary>
    /// Networks, as <c>10.1.0.0/16</c>, or addresses. Empty means this machine alone; <c>none</c> means nobody.
    /// </summary>
    public string[] Networks { get; set; } = [];

    /// <summary>Who their work belongs to.</summary>
    public string Tenant { get; set; } = "open";

    internal IEnumerable<IPNetwork> OpenNetworks => NetworkText.Read(Networks);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in Networks.Where(text => text != "none" && !NetworkText.TryParse(text, out _)))
            yield return new($"OpenAccess:Networks holds networks such as 10.1.0.0/16, addresses, or none, not '{network}'.");
        if (!Tenants.IsName(Tenant))
            yield return new("OpenAccess:Tenant has lower-case letters, digits and inner hyphens, at most 60.");
    }
}
