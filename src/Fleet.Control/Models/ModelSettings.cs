using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Models;

/// <summary>How model calls are taken in: section <c>Models</c>.</summary>
public sealed class ModelSettings
{
    /// <summary>How many attempts of a call may fail or be lost before it fails.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How long one attempt may take, in seconds; 0 is as long as it likes.</summary>
    [Range(0, 30 * 86_400)]
    public int TimeoutSeconds { get; set; }

    /// <summary>
    /// After so many silent seconds a stream says something without meaning, so that nobody between takes it for dead.
    /// </summary>
    [Range(1, 3600)]
    public double QuietSeconds { get; set; } = 30;

    /// <summary>For how many seconds a model that was found counts as there; one that was not is looked for each time.</summary>
    [Range(0, 60)]
    public double CacheSeconds { get; set; } = 1;

    /// <summary>The version of Ollama whose API is spoken, for clients that ask before they speak.</summary>
    [Required, RegularExpression(@"\d+\.\d+\.\d+")]
    public string OllamaVersion { get; set; } = "0.12.6";
}
