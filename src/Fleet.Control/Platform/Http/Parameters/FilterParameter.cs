using System.Text.RegularExpressions;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Http.Parameters;

/// <summary>Reads what a client wrote as a filter, whatever it is over.</summary>
internal static class FilterParameter
{
    /// <summary>Characters of one filter.</summary>
    private const int Longest = 8000;

    /// <param name="field">Where it was written.</param>
    /// <exception cref="ProblemException">It is none; the problem says where and what was expected.</exception>
    public static Filter Read(string text, FilterVocabulary fields, string field = "filter")
    {
        if (text.Length > Longest)
            throw Wrong(field, $"A filter has at most {Longest} characters.");
        try
        {
            return FilterText.Parse(text, fields);
        }
        catch (FilterException wrong)
        {
            throw Wrong(field, wrong.Message);
        }
    }

    /// <summary>The same where patterns are matched here, each in linear time.</summary>
    /// <exception cref="ProblemException">It is none, or one of its patterns is none.</exception>
    public static Filter ReadWithPatterns(string text, FilterVocabulary fields, string field = "filter")
    {
        var filter = Read(text, fields, field);
        try
        {
            foreach (var pattern in filter.Conditions.Where(one => one.IsPattern).SelectMany(one => one.Values).OfType<TextValue>())
                _ = new Regex(pattern.Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return filter;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw Wrong(field, wrong.Message);
        }
    }

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
