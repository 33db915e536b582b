using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Manifests.Executions;

/// <summary>A filter over agents, in the words of lists: <c>agent:web-* label.env!=prod online:yes</c>.</summary>
internal static class AgentFilter
{
    private static readonly FilterVocabulary Fields = new(
        new FilterField("agent", FilterKind.Text),
        new FilterField("label", FilterKind.Text, IsNamed: true),
        new FilterField("online", FilterKind.Word, ["yes", "no"]));

    /// <exception cref="ProblemException">It is none; the problem says where and what was expected.</exception>
    public static Filter Read(string text, string field)
    {
        var filter = FilterParameter.Read(text, Fields, field);
        return filter.Conditions.Any(one => one.IsPattern)
            ? throw new ProblemException(Problem.Invalid(field, "Agents and labels are compared by : and != here."))
            : filter;
    }

    public static bool Chooses(Filter filter, AgentStanding agent) =>
        FilterMatch.Holds(filter, condition => ValueOf(condition, agent), default); // nothing here has an age

    private static string? ValueOf(Condition condition, AgentStanding agent) => condition.Field.Name switch
    {
        "agent" => agent.Name,
        "label" => agent.Labels.GetValueOrDefault(condition.Name ?? ""),
        _ => agent.IsOn ? "yes" : "no",
    };
}
