using System.Globalization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>
/// Which jobs a list shows, newest first:
/// <c>?state=&amp;kind=&amp;agent=&amp;label=&amp;name=&amp;since=&amp;until=</c>.
/// </summary>
internal sealed record JobQuery(
    IReadOnlyList<string> States,
    string? Kind,
    string? Agent,
    IReadOnlyList<string> Labels,
    string? Name,
    DateTimeOffset? Since,
    DateTimeOffset? Until)
{
    public static JobQuery Waiting { get; } = new([nameof(JobLifecycle.Queued)], null, null, [], null, null, null);

    public static JobQuery OfKind(string kind) => new([], kind, null, [], null, null, null);

    private static readonly string[] Known =
        ["state", "kind", "agent", "label", "name", "since", "until", "limit", "cursor"];

    public static JobQuery Of(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
            throw Wrong(unknown, $"There is no such filter: use {string.Join(", ", Known)}.");
        return new JobQuery(
            [.. query["state"].SelectMany(words => words!.Split(',')).Select(State)],
            Kinds(One(query, "kind")),
            One(query, "agent"),
            [.. query["label"].Select(text => Label(text!))],
            One(query, "name"),
            Time(query, "since"),
            Time(query, "until"));
    }

    public IQueryable<Job> Apply(IQueryable<Job> jobs, Caller caller, Guid? after)
    {
        if (!caller.MaySeeAll)
            jobs = jobs.Where(job => job.Tenant == caller.Tenant);
        if (States.Count > 0)
            jobs = jobs.Where(job => States.Contains(job.State));
        if (Kind is not null)
            jobs = jobs.Where(job => job.Kind == Kind);
        if (Agent is not null)
            jobs = jobs.Where(job => job.Agent == Agent);
        if (Name is not null)
            jobs = jobs.Where(job => job.Name == Name);
        foreach (var label in Labels)
            jobs = jobs.Where(job => EF.Functions.JsonContains(job.Labels, label));
        if (Since is not null)
            jobs = jobs.Where(job => job.CreatedAt >= Since);
        if (Until is not null)
            jobs = jobs.Where(job => job.CreatedAt < Until);
        if (after is not null)
            jobs = jobs.Where(job => job.CorrelationId < after);
        return jobs.OrderByDescending(job => job.CorrelationId);
    }

    private static string? One(IQueryCollection query, string field) =>
        query[field] is { Count: > 1 } ? throw Wrong(field, "Give this once.") : query[field].FirstOrDefault();

    private static string State(string word) =>
        JobWords.ToState(word) ?? throw Wrong("state", $"There is no such state: use {string.Join(", ", JobWords.AllStates)}.");

    private static string? Kinds(string? word) => word is null || JobWords.Kinds.Contains(word)
        ? word
        : throw Wrong("kind", $"There is no such kind: use {string.Join(", ", JobWords.Kinds)}.");

    /// <returns>A JSON object of one entry.</returns>
    private static string Label(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { [text[..at]] = text[(at + 1)..] })
            : throw Wrong("label", "Write a label as name=value.");

    private static DateTimeOffset? Time(IQueryCollection query, string field) =>
        One(query, field) is not { } text ? null
        : DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong(field, "Write a time as in 2030-01-31T12:00:00Z.");

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
