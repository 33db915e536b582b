using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>How a call went.</summary>
/// <param name="Error">Why it failed, as a sentence; null when the receiver took it.</param>
/// <param name="IsFinal">It would not go better another time.</param>
/// <param name="Status">Null when there was no answer.</param>
/// <param name="Answer">The beginning of its body.</param>
/// <param name="RetryAfter">What the receiver asks for.</param>
internal sealed record CallOutcome(
    string? Error, bool IsFinal = false, int? Status = null, string? Answer = null, TimeSpan? RetryAfter = null)
{
    public TimeSpan Took { get; init; }

    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    /// <summary>Whether the receiver is in trouble, and not only this call.</summary>
    public bool TellsOfTrouble => Error is not null && !IsFinal;

    public static CallOutcome Failed(string error) => new(error);

    public static CallOutcome Refused(string error) => new(error, IsFinal: true);

    public static CallOutcome Answered(HttpResponseMessage answer, string text, DateTimeOffset now)
    {
        var status = (int)answer.StatusCode;
        var error = status switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 => $"The receiver answered {status} and points to {answer.Headers.Location?.ToString() ?? "nowhere"}; "
                + "redirects are not followed.",
            410 => "The receiver answered 410: it is gone for good.",
            _ => $"The receiver answered {status}.",
        };
        return new CallOutcome(error, status == 410, status, text, After(answer, now));
    }

    public static CallOutcome Of(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is RefusedAddressException)
                return Refused(cause.Message);
            if (cause is SocketException socket)
                return Failed($"No connection: {socket.Message}.");
        }

        return Failed(failure.Message);
    }

    private static TimeSpan? After(HttpResponseMessage answer, DateTimeOffset now) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - now,
        _ => null,
    };
}
