using System.ComponentModel.DataAnnotations;

namespace Fleet.Hosting;

/// <summary>Where the broker is: section <c>Rabbit</c>.</summary>
public sealed class RabbitSettings : IValidatableObject
{
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    [Range(1, 65535)]
    public ushort Port { get; set; } = 5672;

    [Required]
    public string VirtualHost { get; set; } = "/";

    /// <summary>Who logs in; an agent may leave it out where Control names a login for it.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Speak TLS 1.2 or 1.3 to the broker, and accept only a certificate that is valid for its name.</summary>
    public bool Tls { get; set; }

    /// <summary>The name the broker's certificate must be valid for; empty means <see cref="Host"/>.</summary>
    public string TlsServerName { get; set; } = "";

    /// <summary>
    /// A PEM file with the authorities to believe instead of the host's, such as the one that made the broker's
    /// certificate; empty means the host's.
    /// </summary>
    public string TlsCaFile { get; set; } = "";

    /// <summary>How long a process that starts counts as not ready while its queues are not read.</summary>
    [Range(0, 600)]
    public int StartSeconds { get; set; } = 30;

    /// <summary>How long one publish may take until it counts as failed.</summary>
    [Range(1, 120)]
    public int SendTimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// How often a process proves by messages to itself that it sends and receives; after two or three misses while the
    /// broker works its connections are built anew.
    /// </summary>
    [Range(0.2, 600)]
    public double PulseSeconds { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Authorities.Wrong("Rabbit:TlsCaFile", TlsCaFile) is { } wrong)
            yield return new(wrong);
    }
}
