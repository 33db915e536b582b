using System.Globalization;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;
using Npgsql;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>
/// Finds work. What the database can answer from its indexes it answers at once; the rest is a search, which has its
/// time, and goes on from the cursor of its answer.
/// </summary>
internal sealed class WorkSearch(
    SearchDatabase database, PendingDemands pending, SearchSettings settings, TimeProvider clock)
{
    /// <summary>Work that a count shows.</summary>
    private const int Sampled = 10;

    private const string Counted = "state, count(*), (array_agg(id order by id desc))[:10]";

    private readonly OutputSql _output = new(settings);

    private TimeSpan Limit => TimeSpan.FromSeconds(settings.TimeLimitSeconds);

    /// <exception cref="ProblemException">The time was over before anything was looked through.</exception>
    public async Task<WorkMatches> Find(WorkChoice choice, Guid? after, int limit, CancellationToken stop)
    {
        var condition = await Compile(choice, stop);
        if (!choice.Patterns.Any() && await FindQuickly(condition, after, limit, stop) is { } quick)
            return quick;
        await using var turn = await database.Patient(stop) ?? throw Busy();
        var scan = await Begin(turn, condition, choice, stop);
        var found = new List<WorkMatch>();
        for (var progress = false; ; progress = true)
        {
            var span = await scan.Next(after, "id, state", Newest(limit + 1 - found.Count), ReadMatch, stop);
            if (span is null)
                return progress ? new WorkMatches(found, after, IsPartial: true) : throw TooLong();
            found.AddRange(span.Found);
            if (found.Count > limit || span.Last is null)
                return Cut(found, limit);
            after = span.Last;
        }
    }

    /// <summary>How many there are, as far as the time reaches.</summary>
    public async Task<WorkCount> Count(WorkChoice choice, CancellationToken stop)
    {
        var condition = await Compile(choice, stop);
        await using var turn = await database.Patient(stop) ?? throw Busy();
        var scan = await Begin(turn, condition, choice, stop);
        var states = new Dictionary<string, long>();
        var newest = new List<WorkMatch>();
        Guid? after = null;
        for (var progress = false; ; progress = true)
        {
            var span = await scan.Next(after, Counted, " group by state", ReadCount, stop);
            if (span is null && !progress)
                throw TooLong();
            foreach (var part in span?.Found ?? [])
            {
                states[part.State] = states.GetValueOrDefault(part.State) + part.Count;
                newest.AddRange(part.Newest.Select(id => new WorkMatch(id, part.State)));
            }

            newest = [.. newest.OrderByDescending(match => match.Id).Take(Sampled)];
            if (span?.Last is null)
                return new WorkCount(states.Values.Sum(), IsExact: span is not null, states, newest);
            after = span.Last;
        }
    }

    /// <summary>Throws the problem that names a wrong regular expression.</summary>
    public async Task Check(WorkChoice choice, CancellationToken stop)
    {
        if (!choice.Patterns.Any())
            return;
        await using var turn = await database.Patient(stop) ?? throw Busy();
        await Begin(turn, await Compile(choice, stop), choice, stop);
    }

    private async Task<WorkCondition> Compile(WorkChoice choice, CancellationToken stop) =>
        new(choice, await pending.Of(choice.Filter, stop), _output);

    /// <summary>Null when the indexes do not help.</summary>
    private async Task<WorkMatches?> FindQuickly(WorkCondition condition, Guid? after, int limit, CancellationToken stop)
    {
        await using var turn = await database.Quick(stop) ?? throw Busy();
        await using var batch = new NpgsqlBatch(turn.Connection);
        batch.BatchCommands.Add(condition.Choose("id, state", after, downTo: null, Newest(limit + 1)).ToCommand());
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(stop);
            var found = new List<WorkMatch>();
            while (await reader.ReadAsync(stop))
                found.Add(ReadMatch(reader));
            return Cut(found, limit);
        }
        catch (PostgresException ended) when (SearchScan.IsOverTime(ended) && !stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>An expression is wrong even where there is nothing to compare it with.</summary>
    private async Task<SearchScan> Begin(SearchTurn turn, WorkCondition condition, WorkChoice choice, CancellationToken stop)
    {
        var scan = new SearchScan(turn.Connection, condition, clock, Limit);
        foreach (var pattern in choice.Patterns)
        {
            foreach (var value in pattern.Values.OfType<TextValue>())
            {
                try
                {
                    await scan.Try(value.Text, stop);
                }
                catch (PostgresException wrong) when (wrong.SqlState == PostgresErrorCodes.InvalidRegularExpression)
                {
                    throw WorkFilter.Wrong($"'{value.Text}' behind {pattern.Field.Name} cannot be used: {wrong.MessageText}.");
                }
                catch (PostgresException ended) when (SearchScan.IsOverTime(ended) && !stop.IsCancellationRequested)
                {
                    throw TooLong();
                }
            }
        }

        return scan;
    }

    private static WorkMatches Cut(List<WorkMatch> found, int limit) => found.Count > limit
        ? new WorkMatches(found[..limit], found[limit - 1].Id, IsPartial: false)
        : new WorkMatches(found, null, IsPartial: false);

    private static WorkMatch ReadMatch(NpgsqlDataReader reader) => new(reader.GetGuid(0), reader.GetString(1));

    private static (string State, long Count, Guid[] Newest) ReadCount(NpgsqlDataReader reader) =>
        (reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<Guid[]>(2));

    private static string Newest(int limit) =>
        string.Create(CultureInfo.InvariantCulture, $" order by id desc limit {limit}");

    private static ProblemException Busy() => new(Problem.Unavailable(
        "search_busy", "As many searches run as may run at once; this one did not get its turn in time."));

    private ProblemException TooLong() => new(new ProblemResult(
        422,
        "search_timeout",
        string.Create(CultureInfo.InvariantCulture, $"Nothing could be looked through in {settings.TimeLimitSeconds} s. ")
        + "Use a simpler regular expression, or narrow the filter: by state, name, label, agent or a time."));
}
