using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// The ways to say no. Codes are stable and meant for programs; details are sentences meant for people.
/// </summary>
internal static class Problem
{
    /// <summary>400: one field is wrong. Name it as the client wrote it, such as <c>command.args[1]</c>.</summary>
    public static ProblemResult Invalid(string field, string sentence) =>
        Invalid(new Dictionary<string, string[]> { [field] = [sentence] });

    /// <summary>400: all that is wrong, by field.</summary>
    public static ProblemResult Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(400, "invalid_field", string.Join(' ', errors.Select(error => $"{error.Key}: {error.Value[0]}").Take(3)))
        {
            Errors = errors,
        };

    /// <summary>400: the body as a whole cannot be read.</summary>
    public static ProblemResult InvalidBody(string detail) => new(400, "invalid_body", detail);

    /// <summary>401: the same words whatever is wrong with the credentials.</summary>
    public static ProblemResult Unauthorized() =>
        new(401, "unauthorized", "A valid API key is needed: Authorization: Bearer <key>.") { Challenge = "Bearer" };

    /// <summary>403: who asks is known, and may not do this.</summary>
    public static ProblemResult Forbidden(string detail) => new(403, "forbidden", detail);

    /// <summary>404: it does not exist for this caller.</summary>
    /// <param name="what">A noun: <c>job</c>.</param>
    public static ProblemResult NotFound(string what) =>
        new(404, "not_found", $"There is no such {what}.") { Missing = what };

    /// <summary>409: it cannot be done in the present state.</summary>
    public static ProblemResult Conflict(string code, string detail) => new(409, code, detail);

    /// <summary>413: more bytes than are accepted here.</summary>
    public static ProblemResult TooLarge(long? limit) => new(413, "body_too_large", limit is null
        ? "The body is larger than is accepted here."
        : string.Create(CultureInfo.InvariantCulture, $"The body may have at most {limit} bytes here."));

    /// <summary>413: within the limit of bodies, and more than can be kept of it.</summary>
    public static ProblemResult TooLargeAsJson(long limit) => new(413, "body_too_large", string.Create(
        CultureInfo.InvariantCulture, $"Written as JSON, the call has more than the {limit} bytes that are kept of one."));

    /// <summary>415: the body is of a kind that is not read here.</summary>
    public static ProblemResult UnsupportedMedia(string detail) => new(415, "unsupported_media_type", detail);

    /// <summary>503: it may work later.</summary>
    public static ProblemResult Unavailable(string code, string detail) =>
        new(503, code, detail) { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>503: the database does not answer.</summary>
    public static ProblemResult DatabaseUnavailable() =>
        Unavailable("database_unavailable", "The database cannot be reached at the moment.");

    /// <summary>500: our fault. What exactly is in the log, under the trace id.</summary>
    public static ProblemResult Internal() =>
        new(500, "internal", "Something went wrong inside Fleet. The log knows more, under the trace id.");

    /// <summary>For a status that came without a body.</summary>
    public static ProblemResult OfStatus(int status) => status switch
    {
        400 => new(400, "invalid_request", "The request cannot be read."),
        401 => Unauthorized(),
        403 => Forbidden("This is not allowed for the key that asks."),
        404 => NotFound("page"),
        405 => new(405, "method_not_allowed", "This method is not offered here; the Allow header lists those that are."),
        413 => TooLarge(null),
        415 => UnsupportedMedia("The content type of the body is not read here."),
        416 => new(416, "range_not_satisfiable", "The range lies outside of the content."),
        503 => Unavailable("unavailable", "This cannot be done at the moment."),
        _ => new(status, CodeOf(status), ReasonPhrases.GetReasonPhrase(status)),
    };

    private static string CodeOf(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } reason
        ? reason.ToLowerInvariant().Replace(' ', '_').Replace('-', '_').Replace("'", "", StringComparison.Ordinal)
        : "http_error";
}
