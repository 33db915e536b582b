namespace Fleet.Protocol.Filters;

/// <summary>Something that can be asked about.</summary>
/// <param name="Words">With <see cref="FilterKind.Word"/>: all that it can be.</param>
/// <param name="IsNamed">It has entries with names: <c>label.env</c>.</param>
public sealed record FilterField(
    string Name, FilterKind Kind, IReadOnlyList<string>? Words = null, bool IsNamed = false);

/// <summary>What kind of values a field has.</summary>
public enum FilterKind
{
    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>A short text.</summary>
    Text,

    /// <summary>A short text that is compared as a whole only.</summary>
    Key,

    /// <summary>A long text, in which a regular expression looks for something.</summary>
    LongText,

    Number,

    Time,

    Id,
}

/// <summary>All fields that a list knows.</summary>
public sealed class FilterVocabulary(params IReadOnlyList<FilterField> fields)
{
    private readonly Dictionary<string, FilterField> _fields = fields.ToDictionary(one => one.Name);

    public IEnumerable<string> Names { get; } = [.. fields.Select(one => one.IsNamed ? one.Name + ".name" : one.Name)];

    public FilterField? Find(string name) => _fields.GetValueOrDefault(name);
}
