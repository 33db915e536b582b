using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Control.Platform.Audit;

/// <summary>What is kept of who wrote what: section <c>Audit</c>.</summary>
public sealed class AuditSettings : IValidatableObject
{
    /// <summary>Rows are kept for so many days.</summary>
    [Range(1, 36_500)]
    public double KeepDays { get; set; } = 400;

    /// <summary>
    /// Refused writes without valid credentials of one address in a minute that have rows of their own; of the others
    /// there is one row with their number. All addresses together have twenty times as many.
    /// </summary>
    [Range(1, 100_000)]
    public int RefusalsPerMinute { get; set; } = 60;

    /// <summary>
    /// Addresses and networks of edges, whose word on where a request came from is believed; this machine's without any.
    /// </summary>
    public string[] TrustedEdges { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var edge in TrustedEdges.Where(text => !TryParseNetwork(text, out _)))
            yield return new($"Audit:TrustedEdges holds addresses and networks such as 10.0.0.0/8, not '{edge}'.");
    }

    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
            return IPNetwork.TryParse(text, out network);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
