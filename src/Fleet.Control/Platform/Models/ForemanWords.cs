using Fleet.Control.Platform.Work;

namespace Fleet.Control.Platform.Models;

/// <summary>foreman's words for states.</summary>
internal static class ForemanWords
{
    /// <summary>The word for a state of the native API; empty before the first.</summary>
    public static string Of(string? state) => state switch
    {
        null => "",
        "assigned" => "loading",
        "running" or "cancelling" => "working",
        WorkStatus.Succeeded => "done",
        "expired" => "failed",
        _ => state, // queued, failed and cancelled are words of both
    };
}
