namespace Fleet.Protocol.Filters;

/// <summary>What a list is to show, as a tree. Written as text, see <see cref="FilterText"/>.</summary>
public abstract record Filter
{
    /// <summary>Chooses everything.</summary>
    public static Filter Everything { get; } = new AllOf([]);

    public bool IsEverything => this is AllOf { Parts.Count: 0 };

    /// <summary>All conditions, wherever they stand.</summary>
    public IEnumerable<Condition> Conditions => this switch
    {
        AllOf all => all.Parts.SelectMany(part => part.Conditions),
        AnyOf any => any.Parts.SelectMany(part => part.Conditions),
        Not not => not.Part.Conditions,
        Condition condition => [condition],
        _ => [],
    };

    /// <summary>Conditions each of which has to hold.</summary>
    public IEnumerable<Condition> Needed => this switch
    {
        AllOf all => all.Parts.SelectMany(part => part.Needed),
        Condition condition => [condition],
        _ => [],
    };

    public static Filter operator &(Filter left, Filter right) =>
        left.IsEverything ? right : right.IsEverything ? left : new AllOf([left, right]);
}

/// <summary>Each of these holds; true without any.</summary>
public sealed record AllOf(IReadOnlyList<Filter> Parts) : Filter;

/// <summary>At least one of these holds.</summary>
public sealed record AnyOf(IReadOnlyList<Filter> Parts) : Filter;

/// <summary>This does not hold; also true where there is no value to compare.</summary>
public sealed record Not(Filter Part) : Filter;

/// <summary>One field is compared; with several values, one of them is enough.</summary>
/// <param name="Name">Which of the field's entries is meant, such as the name of a label; null for fields without.</param>
public sealed record Condition(
    FilterField Field, string? Name, FilterOperator Operator, IReadOnlyList<FilterValue> Values) : Filter
{
    public bool IsPattern => Operator is FilterOperator.Matches or FilterOperator.MatchesNot;
}

/// <summary>How a field is compared. Every comparison but <see cref="Is"/> needs the field to have a value.</summary>
public enum FilterOperator
{
    Is,
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
    Matches,
    MatchesNot,
}

/// <summary>What a field is compared with.</summary>
public abstract record FilterValue;

/// <summary>The field has no value.</summary>
public sealed record NoValue : FilterValue;

/// <summary>The field has some value.</summary>
public sealed record AnyValue : FilterValue;

/// <summary>Exactly this text; of a pattern, the regular expression.</summary>
public sealed record TextValue(string Text) : FilterValue;

/// <summary>These texts in their order, and between any two of them whatever there is.</summary>
public sealed record PiecesValue(IReadOnlyList<string> Pieces) : FilterValue;

public sealed record NumberValue(long Number) : FilterValue;

public sealed record IdValue(Guid Id) : FilterValue;

public sealed record MomentValue(DateTimeOffset At) : FilterValue;

/// <summary>How long ago: less is later.</summary>
public sealed record AgeValue(TimeSpan Age) : FilterValue;
