using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Manifests.Executions;

/// <summary>A filter over agents, in the words of lists: <c>agent:web-* label.env!=prod online:yes</c>.</summary>
internal static class AgentFilter
{
    private const int Longest = 4000;

    private static readonly FilterVocabulary Fields = new(
        new FilterField("agent", FilterKind.Text),
        new FilterField("label", FilterKind.Text, IsNamed: true),
        new FilterField("online", FilterKind.Word, ["yes", "no"]));

    /// <exception cref="ProblemException">It is none; the problem says where and what was expected.</exception>
    public static Filter Read(string text, string field)
    {
        if (text.Length > Longest)
            throw new ProblemException(Problem.Invalid(field, $"At most {Longest} characters."));
        try
        {
            var filter = FilterText.Parse(text, Fields);
            return filter.Conditions.Any(one => one.IsPattern)
                ? throw new ProblemException(Problem.Invalid(field, "Agents and labels are compared by : and != here."))
                : filter;
        }
        catch (FilterException wrong)
        {
            throw new ProblemException(Problem.Invalid(field, wrong.Message));
        }
    }

    public static bool Chooses(Filter filter, AgentStanding agent) => filter switch
    {
        AllOf all => all.Parts.All(part => Chooses(part, agent)),
        AnyOf any => any.Parts.Any(part => Chooses(part, agent)),
        Not not => !Chooses(not.Part, agent),
        Condition condition => Compare(condition, ValueOf(condition, agent)),
        _ => false,
    };

    private static string? ValueOf(Condition condition, AgentStanding agent) => condition.Field.Name switch
    {
        "agent" => agent.Name,
        "label" => agent.Labels.GetValueOrDefault(condition.Name ?? ""),
        _ => agent.IsOn ? "yes" : "no",
    };

    private static bool Compare(Condition condition, string? value)
    {
        var found = condition.Values.Any(wanted => IsEqual(wanted, value));
        return condition.Operator == FilterOperator.IsNot ? value is not null && !found : found;
    }

    private static bool IsEqual(FilterValue wanted, string? value) => wanted switch
    {
        NoValue => value is null,
        AnyValue => value is not null,
        TextValue text => value == text.Text,
        PiecesValue pieces => value is not null && Holds(pieces.Pieces, value),
        _ => false,
    };

    /// <summary>Whether the text consists of the pieces, in their order, with anything between them.</summary>
    private static bool Holds(IReadOnlyList<string> pieces, string text)
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
}
