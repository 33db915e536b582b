using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>Conditions that nobody wrote as text.</summary>
internal static class WorkFilter
{
    public static ProblemException Wrong(string sentence) => new(Problem.Invalid("filter", sentence));

    /// <summary>How a label, and nothing else, is asked for.</summary>
    public static Condition Label(string name, string value) =>
        new(WorkFields.Label, name, FilterOperator.Is, [new TextValue(value)]);

    public static Condition Is(FilterField field, params IEnumerable<string> words) =>
        new(field, null, FilterOperator.Is, [.. words.Select(word => new TextValue(word))]);

    public static Condition When(FilterField field, FilterOperator compared, DateTimeOffset at) =>
        new(field, null, compared, [new MomentValue(at)]);
}
