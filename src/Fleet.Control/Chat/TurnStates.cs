using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat;

/// <summary>In which words the states of a turn are shown.</summary>
internal static class TurnStates
{
    public const string Queued = "queued";
    public const string Streaming = "streaming";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Expired = "expired";
    public const string Lost = "lost";

    public static IReadOnlyList<string> AllWords { get; } = [Queued, Streaming, Completed, Failed, Cancelled, Expired, Lost];

    /// <param name="state">The lifecycle's name of it, or the word that all work has for it; null before the first.</param>
    public static string? WordOf(string? state) => WorkStates.WordOf(state) switch
    {
        null => null,
        "assigned" => Queued,
        "running" or "cancelling" => Streaming,
        "succeeded" => Completed,
        var word => word,
    };
}
