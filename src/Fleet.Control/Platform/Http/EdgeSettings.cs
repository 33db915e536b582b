using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Fleet.Control.Platform.Http;

/// <summary>Whose word counts on where a caller is: section <c>Edges</c>.</summary>
public sealed class EdgeSettings : IValidatableObject
{
    /// <summary>Networks, as <c>10.1.0.0/16</c>, or addresses of edges. Empty means this machine alone.</summary>
    public string[] Trusted { get; set; } = [];

    internal IEnumerable<IPNetwork> Networks => NetworkText.Read(Trusted);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var edge in Trusted.Where(text => !NetworkText.TryParse(text, out _)))
            yield return new($"Edges:Trusted holds networks such as 10.1.0.0/16 or addresses, not '{edge}'.");
    }
}
