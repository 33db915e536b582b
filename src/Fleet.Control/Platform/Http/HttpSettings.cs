using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Http;

/// <summary>What the process accepts over HTTP: section <c>Http</c>.</summary>
public sealed class HttpSettings
{
    /// <summary>
    /// Bytes of the largest request body, where a route does not say otherwise. The default is 8 MiB.
    /// </summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;
}
