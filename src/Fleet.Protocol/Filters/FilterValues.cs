using System.Globalization;
using Fleet.Protocol.Ids;

namespace Fleet.Protocol.Filters;

/// <summary>What each kind of field is compared with, and how.</summary>
internal static class FilterValues
{
    private const string WordEnds = ",()\"";
    private const double LongestAgeDays = 36_525;

    public static bool Allows(FilterKind kind, FilterOperator compared) => compared switch
    {
        FilterOperator.Is => kind is not FilterKind.LongText,
        FilterOperator.IsNot => kind is not (FilterKind.LongText or FilterKind.Time),
        FilterOperator.Matches or FilterOperator.MatchesNot => kind is FilterKind.LongText or FilterKind.Text,
        _ => kind is FilterKind.Number or FilterKind.Time,
    };

    public static string OperatorsOf(FilterKind kind) => kind switch
    {
        FilterKind.LongText => "~ !~",
        FilterKind.Text => ": != ~ !~",
        FilterKind.Number => ": != < <= > >=",
        FilterKind.Time => "< <= > >= :",
        _ => ": !=",
    };

    public static FilterValue Read(FilterReader reader, FilterField field, FilterOperator compared)
    {
        var at = reader.Position;
        var isQuoted = reader.IsAt('"');
        var text = isQuoted ? reader.ReadQuoted() : reader.ReadUntil(WordEnds);
        if (text.Length == 0 && !isQuoted)
            throw new FilterException(at, $"expected {Expected(field)}.");
        if (compared is FilterOperator.Matches or FilterOperator.MatchesNot)
            return text.Length > 0 ? new TextValue(text) : throw new FilterException(at, "expected a regular expression.");
        if (compared == FilterOperator.Is && !isQuoted && field.Kind is not (FilterKind.Word or FilterKind.Id))
        {
            if (text == "none")
                return new NoValue();
            if (text == "*")
                return new AnyValue();
        }

        return Read(text, isQuoted, field, compared) ?? throw new FilterException(at, $"expected {Expected(field)}.");
    }

    private static FilterValue? Read(string text, bool isQuoted, FilterField field, FilterOperator compared) =>
        field.Kind switch
        {
            FilterKind.Word => field.Words!.Contains(text) ? new TextValue(text) : null,
            FilterKind.Text => !isQuoted && text.Contains('*', StringComparison.Ordinal)
                ? new PiecesValue(text.Split('*'))
                : new TextValue(text),
            FilterKind.Key => new TextValue(text),
            FilterKind.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? new NumberValue(number)
                : null,
            FilterKind.Id => WireId.TryParse(text, out var id) ? new IdValue(id) : null,
            _ => compared == FilterOperator.Is ? null : ReadTime(text),
        };

    private static FilterValue? ReadTime(string text)
    {
        if (MomentText.TryRead(text, out var moment))
            return new MomentValue(moment);
        if (text.Length < 2 || !double.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        var days = text[^1] switch
        {
            's' => count / 86_400,
            'm' => count / 1440,
            'h' => count / 24,
            'd' => count,
            'w' => count * 7,
            _ => double.NaN,
        };
        return days <= LongestAgeDays ? new AgeValue(TimeSpan.FromDays(days)) : null;
    }

    private static string Expected(FilterField field) => field.Kind switch
    {
        FilterKind.Word => $"one of {string.Join(' ', field.Words!)}",
        FilterKind.Number => "a whole number",
        FilterKind.Time => "a time such as 2030-01-31 or 2030-01-31T12:00:00Z behind < or >, an age such as 24h (s m h d w), none or *",
        FilterKind.Id => "an id of 26 characters",
        FilterKind.LongText => "a regular expression",
        _ => "a value; one with blanks or commas goes into quotes",
    };
}
