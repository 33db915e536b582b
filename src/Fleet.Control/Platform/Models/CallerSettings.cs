namespace Fleet.Control.Platform.Models;

/// <summary>What becomes of model calls whose callers go away, on every wire: section <c>Models</c>.</summary>
public sealed class CallerSettings
{
    /// <summary>
    /// Whether a call whose caller went away before its end is cancelled. Otherwise it goes on, as do those in the background
    /// in any case.
    /// </summary>
    public bool CancelOnDisconnect { get; set; }
}
