using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Agents;

/// <summary>
/// Which agents a list shows: <c>?state=&amp;label=&amp;filter=</c>; all that is given must hold. A handler takes it as a
/// parameter.
/// </summary>
internal sealed record AgentQuery(Filter Wanted) : IQueryParameters
{
    private static readonly string[] States = ["online", "offline", "draining", "revoked"];
    private static readonly FilterField State = new("state", FilterKind.Word, States);
    private static readonly FilterField Label = new("label", FilterKind.Text, IsNamed: true);

    private static readonly FilterVocabulary Vocabulary = new(
        State,
        Label,
        new FilterField("name", FilterKind.Text),
        new FilterField("host", FilterKind.Text),
        new FilterField("os", FilterKind.Text),
        new FilterField("arch", FilterKind.Text),
        new FilterField("version", FilterKind.Text),
        new FilterField("draining", FilterKind.Word, ["true", "false"]),
        new FilterField("in_hand", FilterKind.Number),
        new FilterField("slots", FilterKind.Number, IsNamed: true),
        new FilterField("seen", FilterKind.Time),
        new FilterField("enrolled", FilterKind.Time));

    public static IReadOnlyList<string> Names { get; } = ["state", "label", "filter"];

    public static ValueTask<AgentQuery> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var wanted = Filter.Everything;
        if (query["state"].SelectMany(words => words!.Split(',')).ToArray() is { Length: > 0 } states)
        {
            if (!states.All(States.Contains))
                throw Wrong("state", $"Use {string.Join(", ", States)}, or several of them with commas.");
            wanted &= new Condition(State, null, FilterOperator.Is, [.. states.Select(state => new TextValue(state))]);
        }

        foreach (var label in query["label"])
        {
            if (label!.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at))
                throw Wrong("label", "Write it as name=value.");
            wanted &= new Condition(Label, label[..at], FilterOperator.Is, [new TextValue(label[(at + 1)..])]);
        }

        foreach (var filter in query["filter"])
            wanted &= FilterParameter.ReadWithPatterns(filter!, Vocabulary);
        return ValueTask.FromResult(new AgentQuery(wanted));
    }

    public bool Chooses(AgentView agent, DateTimeOffset now) =>
        FilterMatch.Holds(Wanted, condition => ValueOf(agent, condition), now);

    private static object? ValueOf(AgentView agent, Condition condition) => condition.Field.Name switch
    {
        "state" => agent.State,
        "label" => agent.Labels.GetValueOrDefault(condition.Name!),
        "name" => agent.Name,
        "host" => Some(agent.Hostname),
        "os" => Some(agent.Os),
        "arch" => Some(agent.Arch),
        "version" => Some(agent.Version),
        "draining" => agent.Draining ? "true" : "false",
        "in_hand" => (long)agent.InHand,
        "slots" => agent.Slots.TryGetValue(condition.Name!, out var slots) ? (long)slots : null,
        "seen" => agent.SeenAt,
        _ => agent.EnrolledAt,
    };

    private static string? Some(string text) => text.Length > 0 ? text : null;

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
