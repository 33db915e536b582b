using System.Globalization;
using Fleet.Control.Platform.Http;
using Microsoft.Net.Http.Headers;

namespace Fleet.Control.Schedules.Endpoints;

/// <summary>Changes say which revision they are about, so that nobody undoes what he has not seen.</summary>
internal static class IfMatch
{
    public static string TagOf(int revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <exception cref="ProblemException">The request names no revision, or another one.</exception>
    public static void Require(HttpRequest request, Schedule schedule)
    {
        if (!request.Headers.TryGetValue(HeaderNames.IfMatch, out var header))
        {
            throw new ProblemException(new ProblemResult(
                428, "if_match_required", "Send If-Match with the ETag of the schedule that you mean to change."));
        }

        if (!EntityTagHeaderValue.TryParseList(header, out var tags)
            || !tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == TagOf(schedule.Revision)))
            throw new ProblemException(Changed());
    }

    public static ProblemResult Changed() =>
        new(412, "changed_meanwhile", "The schedule was changed since; read it again, and send the ETag that it has now.");

    public static void Tag(this HttpResponse response, int revision) => response.Headers.ETag = TagOf(revision);
}
