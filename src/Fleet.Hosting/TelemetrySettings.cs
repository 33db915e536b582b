using System.ComponentModel.DataAnnotations;

namespace Fleet.Hosting;

/// <summary>Where figures and traces go beside <c>/metrics</c>: section <c>Telemetry</c>.</summary>
public sealed class TelemetrySettings : IValidatableObject
{
    /// <summary>
    /// A collector that speaks OTLP over gRPC, such as <c>http://127.0.0.1:4317</c>. Empty: nothing leaves the machine.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint.Length > 0 && !Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out _))
            yield return new($"Telemetry:OtlpEndpoint must be an absolute URL or empty, not '{OtlpEndpoint}'.");
    }
}
