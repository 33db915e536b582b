using System.Text.Json;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>Writes a filter as a condition on rows of work.</summary>
/// <param name="now">What ages are counted from.</param>
/// <param name="pending">By agent: the demands that only it serves.</param>
internal sealed class WorkFilterSql(
    SqlText sql, DateTimeOffset now, IReadOnlyDictionary<string, string[]> pending, OutputSql output)
{
    /// <summary>
    /// Ids begin with the time at which their process made them; the row's own time, the database's, differs by less.
    /// </summary>
    private static readonly TimeSpan IdSlack = TimeSpan.FromHours(1);

    public void Add(Filter filter)
    {
        switch (filter)
        {
            case AllOf { Parts.Count: 0 }:
                sql.Add("true");
                break;
            case AllOf all:
                AddJoined(all.Parts, " and ");
                break;
            case AnyOf any:
                AddJoined(any.Parts, " or ");
                break;
            case Not not:
                sql.Add("(");
                Add(not.Part);
                sql.Add(") is not true");
                break;
            case Condition condition:
                Add(condition);
                break;
        }
    }

    private void AddJoined(IReadOnlyList<Filter> parts, string word)
    {
        sql.Add("(");
        foreach (var (place, part) in parts.Index())
        {
            if (place > 0)
                sql.Add(word);
            Add(part);
        }

        sql.Add(")");
    }

    private void Add(Condition condition)
    {
        switch (condition.Field)
        {
            case { Kind: FilterKind.LongText }:
                Add(condition, output.Find(sql, condition));
                break;
            case { Kind: FilterKind.Time } when condition.Values[0] is MomentValue or AgeValue:
                sql.Add(Compare(WorkFields.ColumnsOf(condition.Field)[0], condition.Operator, condition.Values[0]));
                break;
            case { Name: "pending" }:
                Add(condition, $"(phase = '{WorkStates.Waiting}' and demand = any({sql.Value(DemandsOf(condition))}))");
                break;
            case { IsNamed: true } when condition is { Operator: FilterOperator.Is, Values: [TextValue one] }:
                sql.Add($"({Holds(condition.Name!, one.Text)})");
                break;
            default:
                AddCompared(condition);
                break;
        }
    }

    private void Add(Condition condition, string found) =>
        sql.Add(condition.Operator is FilterOperator.IsNot or FilterOperator.MatchesNot ? $"({found}) is not true" : found);

    private void AddCompared(Condition condition)
    {
        var columns = condition.Field.IsNamed
            ? [$"(labels ->> {sql.Value(condition.Name!)})"]
            : WorkFields.ColumnsOf(condition.Field);
        var positive = string.Join(" or ", condition.Values.Select(value => Compare(columns, condition, value)));
        var known = string.Join(" or ", columns.Select(column => $"{column} is not null"));
        sql.Add(condition.Operator is FilterOperator.IsNot or FilterOperator.MatchesNot
            ? $"(({positive}) is not true and ({known}))"
            : $"({positive})");
    }

    private string Compare(IReadOnlyList<string> columns, Condition condition, FilterValue value) => string.Join(
        value is NoValue ? " and " : " or ", columns.Select(column => Compare(column, condition, value)));

    private string Compare(string column, Condition condition, FilterValue value) => value switch
    {
        NoValue => $"{column} is null",
        AnyValue => $"{column} is not null",
        PiecesValue pieces => $"{column} like {sql.Value(Like(pieces))}",
        TextValue pattern when condition.IsPattern => $"regexp_like({column}, {sql.Value(pattern.Text)})",
        TextValue word when condition.Field == WorkFields.State => string.Join(" or ", WorkStates.OfWord(word.Text).Select(State)),
        TextValue text => $"{column} = {sql.Value(text.Text)}",
        IdValue id => $"{column} = {sql.Value(id.Id)}",
        NumberValue number => $"{column} {Sign(condition.Operator)} {sql.Value(number.Number)}",
        _ => throw new InvalidOperationException($"{column} is not compared with {value.GetType().Name}."),
    };

    /// <summary>With its phase, so that only the table is looked at in which such work lies.</summary>
    private string State(string state) => $"(phase = {sql.Value(WorkStates.PhaseOf(state))} and state = {sql.Value(state)})";

    /// <summary>Less of an age is later.</summary>
    private string Compare(string column, FilterOperator compared, FilterValue value)
    {
        var (at, sign) = value is AgeValue age
            ? (now - age.Age, Sign(Mirrored(compared)))
            : (((MomentValue)value).At, Sign(compared));
        var own = $"{column} {sign} {sql.Value(at.UtcDateTime)}";
        return column != "created_at" ? own
            : sign[0] == '>' ? $"({own} and id >= {sql.Value(IdTime.First(at, -IdSlack))})"
            : $"({own} and id < {sql.Value(IdTime.First(at, IdSlack))})";
    }

    /// <summary>The second half lets an index be used that leaves out work without labels.</summary>
    private string Holds(string name, string value) =>
        $"labels @> {sql.Value(JsonSerializer.Serialize(new Dictionary<string, string> { [name] = value }))}::jsonb"
        + " and labels <> '{}'";

    private string[] DemandsOf(Condition condition) =>
        [.. condition.Values.OfType<TextValue>().SelectMany(agent => pending.GetValueOrDefault(agent.Text) ?? [])];

    private static string Like(PiecesValue value) => string.Join('%', value.Pieces.Select(piece => piece
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal)));

    private static FilterOperator Mirrored(FilterOperator compared) => compared switch
    {
        FilterOperator.Less => FilterOperator.More,
        FilterOperator.More => FilterOperator.Less,
        FilterOperator.AtMost => FilterOperator.AtLeast,
        FilterOperator.AtLeast => FilterOperator.AtMost,
        _ => compared,
    };

    private static string Sign(FilterOperator compared) => compared switch
    {
        FilterOperator.Less => "<",
        FilterOperator.AtMost => "<=",
        FilterOperator.More => ">",
        FilterOperator.AtLeast => ">=",
        _ => "=",
    };
}
