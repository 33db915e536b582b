using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>Times in the query of a URL.</summary>
internal static class QueryTime
{
    /// <exception cref="ProblemException">It is none; the sentence names the field.</exception>
    public static DateTimeOffset Read(string field, string text) => MomentText.TryRead(text, out var time)
        ? time
        : throw new ProblemException(Problem.Invalid(field, MomentText.TryRead(text.Replace(' ', '+'), out _)
            ? "A plus sign stands for a blank in a URL: write the one of an offset as %2B."
            : "Write a time as in 2030-01-31T12:00:00Z, or a date as in 2030-01-31."));
}
