using System.Globalization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Chat.Statistics;

/// <summary>Counts what was asked and answered, of one key, of one tenant or of all.</summary>
internal sealed class ChatStatistics(NpgsqlDataSource database)
{
    /// <summary>A copy in a branch is no other question.</summary>
    private const string Counted =
        "exchanges where not is_copy and ($1::text is null or tenant = $1) and ($2::uuid is null or owner = $2)";

    private const string Totals =
        $"""
        select state, count(*), coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint
        from {Counted} and created_at > now() - $3 group by state
        """;

    private const string Whole =
        $"select count(distinct conversation_id), count(distinct owner) from {Counted} and created_at > now() - $3";

    private const string Durations =
        $"""
        select percentile_cont(0.5) within group (order by duration_ms),
               percentile_cont(0.9) within group (order by duration_ms)
        from {Counted} and state = 'completed' and duration_ms is not null
        """;

    private const string ToolUsers = $"select '', count(*) from {Counted} and cardinality(used_tools) > 0";

    private const string Tools =
        $"""
        select tool, count(*) from (select unnest(used_tools) as tool from {Counted}) used
        group by tool order by 2 desc, 1 limit 100
        """;

    private const string Classifier =
        $"select classifier_tag, count(*) from {Counted} and classifier_tag <> '' group by 1 order by 2 desc, 1 limit 100";

    private const string Daily =
        $"""
        select * from (
            select (created_at at time zone 'UTC')::date::timestamp as day, count(*), count(*) filter (where state = 'completed')
            from {Counted} group by 1 order by 1 desc limit 30) latest
        order by day
        """;

    private const string Prompts =
        $"select left(question, 200), count(*) from {Counted} group by 1 order by 2 desc, 1 limit 10";

    private static readonly TimeSpan Ever = TimeSpan.FromDays(36_500);

    /// <param name="tenant">Null means all.</param>
    /// <param name="owner">The key that asked; null means all.</param>
    public async Task<ChatStatisticsView> Of(string? tenant, CancellationToken stop, Guid? owner = null)
    {
        var of = new Whose(tenant, owner);
        var all = await Sum(of, Ever, stop);
        var durations = await database.Query(
            Durations, row => new ChatDurationView(Number(row, 0), Number(row, 1)), stop, of.Parameters);
        var users = (await Count(ToolUsers, of, stop)).Values.Single();
        var daily = await database.Query(
            Daily,
            row => new ChatDayView(
                row.GetDateTime(0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.GetInt64(1), row.GetInt64(2)),
            stop,
            of.Parameters);
        var prompts = await database.Query(Prompts, row => new ChatPromptView(row.GetString(0), row.GetInt64(1)), stop, of.Parameters);
        var completed = all.States.GetValueOrDefault(TurnStates.Completed);
        return new ChatStatisticsView(
            all,
            await Sum(of, TimeSpan.FromDays(7), stop),
            durations[0],
            new ChatToolsView(users, completed > 0 ? (double)users / completed : null, await Count(Tools, of, stop)),
            Abandoned(all.States),
            await Count(Classifier, of, stop),
            daily,
            prompts);
    }

    private async Task<ChatTotalsView> Sum(Whose of, TimeSpan time, CancellationToken stop)
    {
        var states = await database.Query(
            Totals,
            row => (State: row.GetString(0), Turns: row.GetInt64(1), Input: row.GetInt64(2), Output: row.GetInt64(3)),
            stop, [.. of.Parameters, SqlValue.Of(time)]);
        var whole = await database.Query(
            Whole, row => (row.GetInt64(0), row.GetInt64(1)), stop, [.. of.Parameters, SqlValue.Of(time)]);
        return new ChatTotalsView(
            states.Sum(state => state.Turns),
            whole[0].Item1,
            whole[0].Item2,
            states.ToDictionary(state => state.State, state => state.Turns),
            states.Sum(state => state.Input),
            states.Sum(state => state.Output));
    }

    private async Task<IReadOnlyDictionary<string, long>> Count(string sql, Whose of, CancellationToken stop) =>
        (await database.Query(sql, row => (row.GetString(0), row.GetInt64(1)), stop, of.Parameters))
            .ToDictionary(one => one.Item1, one => one.Item2);

    private static double? Abandoned(IReadOnlyDictionary<string, long> states)
    {
        var over = states.Where(state => state.Key != TurnStates.Queued).Sum(state => state.Value);
        string[] given = [TurnStates.Cancelled, TurnStates.Expired, TurnStates.Lost];
        return over == 0 ? null : (double)given.Sum(state => states.GetValueOrDefault(state)) / over;
    }

    private static double? Number(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetDouble(at);

    private sealed record Whose(string? Tenant, Guid? Owner)
    {
        public NpgsqlParameter[] Parameters =>
            [new NpgsqlParameter<string?> { TypedValue = Tenant }, new NpgsqlParameter<Guid?> { TypedValue = Owner }];
    }
}

internal static class ChatStatisticsEndpoints
{
    public static void MapChatStatistics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/chat/statistics", Show).WithTags("Conversations").RequireScope(Scope.Admin).Produces<ChatStatisticsView>();

    /// <summary>Of the tenant; admins of the default tenant see all together.</summary>
    private static async Task<ChatStatisticsView> Show(Caller caller, ChatStatistics statistics, CancellationToken stop) =>
        await statistics.Of(caller.MaySeeAll ? null : caller.Tenant, stop);
}
