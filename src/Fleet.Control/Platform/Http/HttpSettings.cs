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

    /// <summary>
    /// Bodies of more than 256 KiB that are read and parsed at once. Each takes up to four times
    /// <see cref="MaxBodyBytes"/>; those that come on top of them wait.
    /// </summary>
    [Range(1, 1000)]
    public int LargeBodies { get; set; } = 2;

    /// <summary>How long a large body may take to arrive, however short it is.</summary>
    [Range(0.1, 600)]
    public double LargeBodyGraceSeconds { get; set; } = 5;

    /// <summary>How fast it must arrive after that, in bytes a second.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int LargeBodyBytesPerSecond { get; set; } = 128 * 1024;

    /// <summary>Bytes of the largest body of a caller that needs no key: 64 KiB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxAnonymousBytes { get; set; } = 64 * 1024;

    /// <summary>How long a large body may wait until it is read.</summary>
    [Range(1, 600)]
    public int LargeBodySeconds { get; set; } = 60;
}
