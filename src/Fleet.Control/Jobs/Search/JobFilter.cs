using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Jobs.Search;

/// <summary>Reads what a client wrote as a filter.</summary>
internal static class JobFilter
{
    /// <summary>Characters of one filter that a client writes.</summary>
    private const int Longest = 8000;

    /// <exception cref="ProblemException">It is none; the problem says where and what was expected.</exception>
    public static Filter Read(string text) => text.Length <= Longest
        ? ReadStored(text)
        : throw Wrong($"A filter has at most {Longest} characters.");

    /// <summary>Also what was put together from several filters.</summary>
    public static Filter ReadStored(string text)
    {
        try
        {
            return FilterText.Parse(text, JobFields.All);
        }
        catch (FilterException wrong)
        {
            throw Wrong(wrong.Message);
        }
    }

    public static ProblemException Wrong(string sentence) => new(Problem.Invalid("filter", sentence));

    /// <summary>How a label, and nothing else, is asked for.</summary>
    public static Condition Label(string name, string value) =>
        new(JobFields.Label, name, FilterOperator.Is, [new TextValue(value)]);

    public static Condition Is(FilterField field, params IEnumerable<string> words) =>
        new(field, null, FilterOperator.Is, [.. words.Select(word => new TextValue(word))]);

    public static Condition When(FilterField field, FilterOperator compared, DateTimeOffset at) =>
        new(field, null, compared, [new MomentValue(at)]);
}
