using System.Text.Json.Serialization;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Experiments.Runs;

/// <summary>A run in a list of what was found.</summary>
internal sealed record FoundRun(
    [property: JsonConverter(typeof(WireIdConverter))] Guid Id,
    string? JobName,
    string? Outcome,
    string State,
    string CommitId,
    string? User,
    string? Group,
    IReadOnlyList<string> Tags,
    DateTimeOffset CreatedAt)
{
    /// <summary>Last values by name.</summary>
    public IReadOnlyDictionary<string, double?> Metrics { get; init; } = new Dictionary<string, double?>();
}

/// <summary>What was found, newest first.</summary>
internal sealed record FoundRuns(IReadOnlyList<FoundRun> Results, int Count, string? Next);

/// <summary>Finds runs by what is known and said of them.</summary>
internal sealed class RunSearch(NpgsqlDataSource database, SeriesReader series)
{
    private const string Sql =
        $"""
        select run.id, run.name, told.outcome, run.state, run.spec ->> 'commit', run.spec ->> 'user',
            told.narrative ->> 'experiment_group', array(select jsonb_array_elements_text(told.narrative -> 'tags')), run.created_at
        from {WorkTables.Rows} run left join experiment_runs told on told.id = run.id
        where run.kind = 'experiment' and run.tenant = $1 and ($2::uuid is null or run.id < $2)
        and ($3::text is null or run.name = $3) and ($4::text is null or run.spec ->> 'user' = $4)
        and ($5::text is null or told.narrative -> 'tags' ? $5) and ($6::text is null or told.narrative ->> 'experiment_group' = $6)
        and ($7::text is null or told.outcome = $7) and ($8::text is null or run.spec ->> 'commit' = $8)
        and ($9::timestamptz is null or run.created_at >= $9) and ($10::timestamptz is null or run.created_at < $10)
        and ($11::text is null or position(lower($11) in lower(concat_ws(' ', run.name, told.narrative::text, told.summary))) > 0
            or exists (select from experiment_notes said where said.run = run.id and position(lower($11) in lower(said.note)) > 0))
        and not exists (select from unnest($12, $13, $14) bound (name, least, most) where not exists (
            select from experiment_series one where one.run = run.id and one.name = bound.name and one.last_value <> 'NaN'
            and one.last_value >= coalesce(bound.least, '-Infinity') and one.last_value <= coalesce(bound.most, 'Infinity')))
        order by run.id desc limit $15
        """;

    public async Task<FoundRuns> Find(RunQuery query, Caller caller, CancellationToken stop)
    {
        query.Check();
        var bounds = query.Metrics ?? [];
        var found = await database.Query(
            Sql, Read, stop, SqlValue.Of(caller.Tenant), SqlValue.Of(NpgsqlDbType.Uuid, query.After), SqlValue.Maybe(query.JobName),
            SqlValue.Maybe(query.User), SqlValue.Maybe(query.Tag), SqlValue.Maybe(query.Group), SqlValue.Maybe(query.Outcome),
            SqlValue.Maybe(query.Commit?.ToLowerInvariant()), Time(query.Since), Time(query.Until), SqlValue.Maybe(query.Text),
            SqlValue.Column(bounds.Keys), SqlValue.Column(bounds.Values.Select(bound => bound?.Min)),
            SqlValue.Column(bounds.Values.Select(bound => bound?.Max)), SqlValue.Of(query.Most + 1));
        var shown = found.Take(query.Most).ToList();
        var metrics = await series.List(shown.ConvertAll(run => run.Id), stop);
        return new FoundRuns(
            shown.ConvertAll(run => run with
            {
                Metrics = metrics[run.Id].ToDictionary(one => one.Name, one => double.IsFinite(one.Last) ? one.Last : (double?)null),
            }),
            shown.Count,
            found.Count > shown.Count ? WireId.Format(shown[^1].Id) : null);
    }

    private static FoundRun Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), Text(row, 1), Text(row, 2), WorkStates.WordOf(row.GetString(3))!, row.GetString(4), Text(row, 5), Text(row, 6),
        row.GetFieldValue<string[]>(7), row.GetFieldValue<DateTimeOffset>(8));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlParameter Time(DateTimeOffset? at) => SqlValue.Of(NpgsqlDbType.TimestampTz, at?.UtcDateTime);
}
