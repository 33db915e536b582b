using System.Text.RegularExpressions;

namespace Fleet.Protocol.Filters;

/// <summary>Decides a filter about one thing at hand, as the database does about its rows.</summary>
public static class FilterMatch
{
    /// <param name="valueOf">What the condition's field has: a text, a <see cref="long"/>, a time, or null for none.</param>
    /// <param name="now">What ages are counted from.</param>
    /// <exception cref="ArgumentException">A pattern is no regular expression that needs no backtracking.</exception>
    public static bool Holds(Filter filter, Func<Condition, object?> valueOf, DateTimeOffset now) => filter switch
    {
        AllOf all => all.Parts.All(part => Holds(part, valueOf, now)),
        AnyOf any => any.Parts.Any(part => Holds(part, valueOf, now)),
        Not not => !Holds(not.Part, valueOf, now),
        Condition condition => Holds(condition, valueOf(condition), now),
        _ => throw new ArgumentException($"{filter.GetType().Name} is no known filter.", nameof(filter)),
    };

    private static bool Holds(Condition condition, object? value, DateTimeOffset now) => condition.Operator switch
    {
        FilterOperator.Is => condition.Values.Any(wanted => IsOne(wanted, value)),
        FilterOperator.IsNot => value is not null && !condition.Values.Any(wanted => IsOne(wanted, value)),
        FilterOperator.Matches => value is string text && condition.Values.Any(pattern => Matches(pattern, text)),
        FilterOperator.MatchesNot => value is string text && !condition.Values.Any(pattern => Matches(pattern, text)),
        _ => value is not null && condition.Values.Any(wanted => Compare(condition.Operator, value, wanted, now)),
    };

    private static bool IsOne(FilterValue wanted, object? value) => (wanted, value) switch
    {
        (NoValue, _) => value is null,
        (AnyValue, _) => value is not null,
        (TextValue text, string given) => given == text.Text,
        (PiecesValue pieces, string given) => HasPieces(given, pieces.Pieces),
        (NumberValue number, long given) => given == number.Number,
        (IdValue id, Guid given) => given == id.Id,
        _ => false,
    };

    /// <summary>Whether the text consists of the pieces, in their order, with anything between them.</summary>
    private static bool HasPieces(string text, IReadOnlyList<string> pieces)
    {
        var at = pieces[0].Length;
        if (!text.StartsWith(pieces[0], StringComparison.Ordinal))
            return false;
        for (var i = 1; i < pieces.Count - 1; i++)
        {
            var found = text.IndexOf(pieces[i], at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + pieces[i].Length;
        }

        return text.Length - at >= pieces[^1].Length && text.EndsWith(pieces[^1], StringComparison.Ordinal);
    }

    private static bool Matches(FilterValue pattern, string text) =>
        pattern is TextValue regex && Regex.IsMatch(text, regex.Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static bool Compare(FilterOperator compared, object value, FilterValue wanted, DateTimeOffset now) => (wanted, value) switch
    {
        (NumberValue number, long given) => Fits(compared, given.CompareTo(number.Number)),
        (MomentValue moment, DateTimeOffset given) => Fits(compared, given.CompareTo(moment.At)),
        (AgeValue age, DateTimeOffset given) => Fits(compared, (now - given).CompareTo(age.Age)),
        _ => false,
    };

    private static bool Fits(FilterOperator compared, int order) => compared switch
    {
        FilterOperator.Less => order < 0,
        FilterOperator.AtMost => order <= 0,
        FilterOperator.More => order > 0,
        _ => order >= 0,
    };
}
