namespace Fleet.Control.Platform.Http.Streams;

/// <summary>
/// Where a watcher of server-sent events goes on: behind <c>Last-Event-ID</c>, which browsers send when they come back
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html), or behind <c>?after=</c>.
/// </summary>
/// <param name="Field">Where it was said.</param>
/// <param name="Text">Null where it was not.</param>
internal readonly record struct ResumePoint(string Field, string? Text)
{
    private const string LastEventId = "Last-Event-ID";

    public static ResumePoint Of(HttpRequest request)
    {
        var (field, text) = request.Headers[LastEventId].FirstOrDefault() is { } header
            ? (LastEventId, header)
            : ("after", request.Query["after"].FirstOrDefault());
        return new ResumePoint(field, string.IsNullOrEmpty(text) ? null : text);
    }

    /// <summary>What is answered to one that is none of this stream.</summary>
    public ProblemException Wrong(string sentence) => new(Problem.Invalid(Field, sentence));
}
