using System.Globalization;
using Fleet.Control.Jobs.Search;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Jobs;

/// <summary>
/// Which jobs a list shows, newest first: <c>?filter=&amp;view=</c>, and for the most frequent questions
/// <c>?state=&amp;kind=&amp;agent=&amp;label=&amp;name=&amp;since=&amp;until=</c>. All that is given must hold.
/// </summary>
/// <param name="View">The name of a stored filter that must hold too.</param>
internal sealed record JobQuery(Filter Filter, string? View)
{
    private static readonly string[] Known =
        ["filter", "view", "state", "kind", "agent", "label", "name", "since", "until", "limit", "cursor"];

    public static JobQuery Of(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
            throw Wrong(unknown, $"There is no such filter: use {string.Join(", ", Known)}.");
        return new JobQuery(
            Conditions(query).Aggregate(Filter.Everything, (all, one) => all & one), One(query, "view"));
    }

    private static IEnumerable<Filter> Conditions(IQueryCollection query)
    {
        if (One(query, "filter") is { } filter)
            yield return JobFilter.Read(filter);
        if (query["state"].SelectMany(words => words!.Split(',')).Select(State).ToArray() is { Length: > 0 } states)
            yield return JobFilter.Is(JobFields.State, states);
        if (Kinds(One(query, "kind")) is { } kind)
            yield return JobFilter.Is(JobFields.Kind, kind);
        if (One(query, "agent") is { } agent)
            yield return JobFilter.Is(JobFields.Agent, agent);
        if (One(query, "name") is { } name)
            yield return JobFilter.Is(JobFields.Name, name);
        foreach (var label in query["label"])
            yield return Label(label!);
        if (Time(query, "since") is { } since)
            yield return JobFilter.When(JobFields.Created, FilterOperator.AtLeast, since);
        if (Time(query, "until") is { } until)
            yield return JobFilter.When(JobFields.Created, FilterOperator.Less, until);
    }

    private static string? One(IQueryCollection query, string field) =>
        query[field] is { Count: > 1 } ? throw Wrong(field, "Give this once.") : query[field].FirstOrDefault();

    private static string State(string word) => JobWords.ToState(word) is not null
        ? word
        : throw Wrong("state", $"There is no such state: use {string.Join(", ", JobWords.AllStates)}.");

    private static string? Kinds(string? word) => word is null || JobWords.Kinds.Contains(word)
        ? word
        : throw Wrong("kind", $"There is no such kind: use {string.Join(", ", JobWords.Kinds)}.");

    private static Condition Label(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? JobFilter.Label(text[..at], text[(at + 1)..])
        : throw Wrong("label", "Write a label as name=value.");

    private static DateTimeOffset? Time(IQueryCollection query, string field) =>
        One(query, field) is not { } text ? null
        : DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong(field, "Write a time as in 2030-01-31T12:00:00Z.");

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
