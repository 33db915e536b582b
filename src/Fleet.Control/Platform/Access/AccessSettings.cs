using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Access;

/// <summary>How keys are kept: section <c>Access</c>.</summary>
public sealed class AccessSettings
{
    /// <summary>
    /// How long a process trusts what it knows about a key. A revocation is answered after this time, so it must be
    /// the same in all Control processes.
    /// </summary>
    [Range(0.05, 60)]
    public double CacheSeconds { get; set; } = 1;

    /// <summary>How often <c>last_used_at</c> is written.</summary>
    [Range(1, 3600)]
    public double LastUsedSeconds { get; set; } = 60;

    /// <summary>Where the first admin key is left for whoever runs the fleet; relative to the content root.</summary>
    [Required]
    public string AdminKeyFile { get; set; } = "admin.key";
}
