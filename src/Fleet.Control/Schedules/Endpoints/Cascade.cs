using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Schedules.Endpoints;

/// <summary>Whether what a schedule started is to end with it: <c>?cascade=true</c>, or so in the body.</summary>
internal static class Cascade
{
    public static bool Of(HttpRequest request) =>
        FlagParameter.Read("cascade", request.Query["cascade"].ToString() is { Length: > 0 } text ? text : null);

    public static bool Of(HttpRequest request, ReadOnlySpan<byte> body) =>
        Of(request) || (body.Length > 0 && JsonBody.Parse<PauseRequest>(body).Cascade);
}

/// <summary>How a schedule is paused: <c>POST /v1/schedules/{id}/pause</c>. No body is the same as an empty one.</summary>
internal sealed class PauseRequest
{
    /// <summary>Whether what it started is cancelled.</summary>
    public bool Cascade { get; init; }
}
