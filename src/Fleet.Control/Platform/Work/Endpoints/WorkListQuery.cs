using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Work.Search;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>A list that is asked for in a body: <c>POST /v1/jobs/search</c>. All that is given must hold.</summary>
internal sealed record WorkSearchRequest(string? Filter = null, string? View = null, int? Limit = null, string? Cursor = null);

/// <summary>
/// Which work a list shows, newest first: <c>?filter=&amp;view=</c>, and for the most frequent questions
/// <c>?state=&amp;kind=&amp;agent=&amp;label=&amp;name=&amp;since=&amp;until=</c>. All that is given must hold.
/// </summary>
/// <param name="View">The name of a stored filter that must hold too.</param>
internal sealed record WorkListQuery(Filter Filter, string? View)
{
    public static readonly string[] Known =
        ["filter", "view", "state", "kind", "agent", "label", "name", "since", "until", "limit", "cursor"];

    public static WorkListQuery Of(IQueryCollection query, WorkVocabulary vocabulary) => new(
        Conditions(query, vocabulary).Aggregate(Filter.Everything, (all, one) => all & one), One(query, "view"));

    private static IEnumerable<Filter> Conditions(IQueryCollection query, WorkVocabulary vocabulary)
    {
        if (One(query, "filter") is { } filter)
            yield return vocabulary.Read(filter);
        if (query["state"].SelectMany(words => words!.Split(',')).Select(State).ToArray() is { Length: > 0 } states)
            yield return WorkFilter.Is(WorkFields.State, states);
        if (Kinds(One(query, "kind"), vocabulary.Kinds) is { } kind)
            yield return WorkFilter.Is(WorkFields.Kind, kind);
        if (One(query, "agent") is { } agent)
            yield return WorkFilter.Is(WorkFields.Agent, agent);
        if (One(query, "name") is { } name)
            yield return WorkFilter.Is(WorkFields.Name, name);
        foreach (var label in query["label"])
            yield return Label(label!);
        if (Time(query, "since") is { } since)
            yield return WorkFilter.When(WorkFields.Created, FilterOperator.AtLeast, since);
        if (Time(query, "until") is { } until)
            yield return WorkFilter.When(WorkFields.Created, FilterOperator.Less, until);
    }

    private static string? One(IQueryCollection query, string field) =>
        query[field] is { Count: > 1 } ? throw Wrong(field, "Give this once.") : query[field].FirstOrDefault();

    private static string State(string word) => WorkStates.OfWord(word).Count > 0
        ? word
        : throw Wrong("state", $"There is no such state: use {string.Join(", ", WorkStates.Askable)}.");

    private static string? Kinds(string? word, IReadOnlyList<string> kinds) => word is null || kinds.Contains(word)
        ? word
        : throw Wrong("kind", $"There is no such kind: use {string.Join(", ", kinds)}.");

    private static Condition Label(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? WorkFilter.Label(text[..at], text[(at + 1)..])
        : throw Wrong("label", "Write a label as name=value.");

    private static DateTimeOffset? Time(IQueryCollection query, string field) =>
        One(query, field) is { } text ? QueryTime.Read(field, text) : null;

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
