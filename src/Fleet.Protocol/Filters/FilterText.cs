namespace Fleet.Protocol.Filters;

/// <summary>
/// Reads the filter language:
/// <code>
/// any       = all *( "OR" all )
/// all       = one *( [ "AND" ] one )
/// one       = ( "NOT" / "-" ) one / "(" any ")" / condition
/// condition = field [ "." name ] operator value *( "," value )
/// operator  = ":" / "=" / "!=" / "&lt;" / "&lt;=" / ">" / ">=" / "~" / "!~"   ; a ":" may stand before any of them
/// value     = word / DQUOTE text DQUOTE                                 ; in quotes \" is a quote and \\ a backslash
/// </code>
/// An unquoted <c>none</c> is a field without value, <c>*</c> any value, and <c>*</c> inside a word stands for anything.
/// Text without conditions chooses everything.
/// </summary>
public sealed class FilterText
{
    /// <summary>Characters of a filter.</summary>
    public const int Longest = 20_000;

    private const int Deepest = 20;
    private const int MostConditions = 100;
    private const int MostValues = 500;

    private readonly FilterVocabulary _vocabulary;
    private readonly FilterReader _reader;
    private int _conditions;

    private FilterText(string text, FilterVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _reader = new FilterReader(text);
    }

    /// <exception cref="FilterException">The text is no filter; the sentence says where and why.</exception>
    public static Filter Parse(string text, FilterVocabulary vocabulary)
    {
        if (text.Length > Longest)
            throw new FilterException(Longest + 1, $"a filter has at most {Longest} characters.");
        return new FilterText(text, vocabulary).ReadWhole();
    }

    private Filter ReadWhole()
    {
        _reader.SkipBlanks();
        if (_reader.IsAtEnd)
            return Filter.Everything;
        var filter = ReadAny(0);
        return _reader.IsAtEnd ? filter : throw _reader.Wrong("there is no bracket to be closed here.");
    }

    private Filter ReadAny(int depth)
    {
        var parts = new List<Filter> { ReadAll(depth) };
        while (_reader.TryWord("OR"))
            parts.Add(ReadAll(depth));
        return parts.Count == 1 ? parts[0] : new AnyOf(parts);
    }

    private Filter ReadAll(int depth)
    {
        var parts = new List<Filter> { ReadOne(depth) };
        while (!_reader.IsAtEnd && !_reader.IsAt(')') && !_reader.IsAtWord("OR"))
        {
            _reader.TryWord("AND");
            parts.Add(ReadOne(depth));
        }

        return parts.Count == 1 ? parts[0] : new AllOf(parts);
    }

    private Filter ReadOne(int depth)
    {
        if (depth > Deepest)
            throw _reader.Wrong($"a filter is nested at most {Deepest} levels deep.");
        if (_reader.TryWord("NOT") || _reader.Try("-"))
            return new Not(ReadOne(depth + 1));
        if (!_reader.Try("("))
            return ReadCondition();
        var inside = ReadAny(depth + 1);
        return _reader.Try(")") ? inside : throw _reader.Wrong("expected a closing bracket.");
    }

    private Condition ReadCondition()
    {
        var start = _reader.Position;
        if (++_conditions > MostConditions)
            throw _reader.Wrong($"a filter has at most {MostConditions} conditions.");
        var word = _reader.ReadName();
        var field = _vocabulary.Find(word) ?? throw new FilterException(start, word.Length == 0
            ? $"expected a field such as state:failed{(_reader.IsAtDigit ? "; in a URL a plus sign is written %2B" : "")}."
            : $"there is no field {word}: use {string.Join(' ', _vocabulary.Names)}.");
        var name = field.IsNamed ? ReadEntryName(field) : null;
        var compared = ReadOperator(field);
        var values = new List<FilterValue>();
        do
        {
            if (values.Count == MostValues)
                throw _reader.Wrong($"a field is compared with at most {MostValues} values.");
            values.Add(FilterValues.Read(_reader, field, compared));
        }
        while (_reader.TryHere(","));

        if (values.Count > 1 && compared is not (FilterOperator.Is or FilterOperator.IsNot or FilterOperator.Matches))
            throw new FilterException(start, $"{word} is compared with one value here.");
        _reader.MustEndHere();
        return new Condition(field, name, compared, values);
    }

    private string ReadEntryName(FilterField field)
    {
        if (!_reader.TryHere("."))
            throw _reader.Wrong($"expected a dot and a name, as in {field.Name}.env=prod.");
        var name = _reader.IsAt('"') ? _reader.ReadQuoted() : _reader.ReadUntil(":=!<>~,()\"");
        return name.Length > 0 ? name : throw _reader.Wrong("expected a name.");
    }

    private FilterOperator ReadOperator(FilterField field)
    {
        var at = _reader.Position;
        var hasColon = _reader.TryHere(":");
        FilterOperator? found =
            _reader.TryHere("!=") ? FilterOperator.IsNot
            : _reader.TryHere("!~") ? FilterOperator.MatchesNot
            : _reader.TryHere("<=") ? FilterOperator.AtMost
            : _reader.TryHere("<") ? FilterOperator.Less
            : _reader.TryHere(">=") ? FilterOperator.AtLeast
            : _reader.TryHere(">") ? FilterOperator.More
            : _reader.TryHere("~") ? FilterOperator.Matches
            : _reader.TryHere("=") || hasColon ? FilterOperator.Is
            : null;
        return found is { } compared && FilterValues.Allows(field.Kind, compared)
            ? compared
            : throw new FilterException(
                at, $"expected one of {FilterValues.OperatorsOf(field.Kind)} directly behind {field.Name}.");
    }
}
