using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Responses;

/// <summary>The words for how far a response is, and for how far the items of its output are.</summary>
internal static class ResponseStatus
{
    public const string Queued = "queued";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";

    /// <param name="state">The lifecycle's name of it.</param>
    /// <param name="result">Null where there is none, or none yet.</param>
    public static string Of(string state, TurnResult? result) => state switch
    {
        WorkStates.Queued or WorkStates.Assigned => Queued,
        WorkStates.Running or WorkStates.Cancelling => InProgress,
        WorkStates.Succeeded when result is not null => result.DoneReason == "length" ? Incomplete : Completed,
        WorkStates.Cancelled => Cancelled,
        _ => Failed,
    };

    /// <summary>How the stream of events calls the end of a response. What was cancelled is not all of it.</summary>
    public static string EventOf(string status) => status switch
    {
        Completed or Failed => $"response.{status}",
        _ => "response.incomplete",
    };
}
