using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>What agents' upstreams have, in the database, and as read last: it is large and changes seldom.</summary>
internal sealed class UpstreamStore(NpgsqlDataSource database)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<string, KnownUpstreams> _known = [];

    /// <returns>Whether it says something new; null when it is not the present session's, or came late.</returns>
    public async Task<bool?> Store(AgentUpstreams said, CancellationToken stop)
    {
        var upstreams = await Complete(said.Agent, UpstreamRules.Tidy(said.Upstreams), stop);
        var text = JsonSerializer.Serialize(upstreams, Json);
        var before = await database.Scalar(
            """
            insert into agent_inventories as kept (agent, session, number, at, answers, upstreams)
            select name, session, $3, now(), $4, $5 from agents where name = $1 and session = $2 and revoked_at is null
            on conflict (agent) do update set session = excluded.session, number = excluded.number, at = excluded.at,
                answers = (excluded.answers || kept.answers)[1:64], upstreams = excluded.upstreams
            where kept.session <> excluded.session or kept.number < excluded.number
            returning coalesce((select upstreams::text from agent_inventories where agent = $1), '')
            """,
            stop,
            SqlValue.Of(said.Agent),
            SqlValue.Of(said.Session),
            SqlValue.Of(said.Number),
            SqlValue.Of(UpstreamRules.Tidy(said.Answers)),
            SqlValue.Of(NpgsqlDbType.Json, text));
        return before is null ? null : (string)before != text;
    }

    /// <summary>Those of some agents; what is known already in what is stored is not read again.</summary>
    /// <param name="wanted">With the numbers of what is stored.</param>
    public async Task<IReadOnlyDictionary<string, KnownUpstreams>> Of(
        IReadOnlyCollection<(string Agent, Guid Session, long Number)> wanted, CancellationToken stop)
    {
        var stale = wanted.Where(one => !IsFresh(one.Agent, one.Session, one.Number)).Select(one => one.Agent).ToArray();
        if (stale.Length > 0)
            await Read(stale, stop);
        return wanted.Where(one => _known.ContainsKey(one.Agent)).ToDictionary(one => one.Agent, one => _known[one.Agent]);
    }

    /// <summary>Those that the agent's present session told of.</summary>
    public Task<IReadOnlyList<UpstreamReport>> Of(string agent, CancellationToken stop) => Read(
        """
        select upstreams from agent_inventories told
        join agents on name = agent and agents.session = told.session where agent = $1
        """,
        agent,
        stop);

    /// <summary>Which of these agents have looked since they were asked.</summary>
    public async Task<int> CountAnswers(Guid ask, string[] agents, CancellationToken stop) => (int)(long)(await database.Scalar(
        "select count(*) from agent_inventories where agent = any($1) and $2 = any(answers)",
        stop,
        SqlValue.Of(agents), SqlValue.Of(ask)))!;

    private bool IsFresh(string agent, Guid session, long number) =>
        _known.TryGetValue(agent, out var known) && known.Session == session && known.Number >= number;

    /// <summary>An upstream that is away keeps the models it had: they come back with it.</summary>
    private async Task<IReadOnlyList<UpstreamReport>> Complete(
        string agent, IReadOnlyList<UpstreamReport> said, CancellationToken stop)
    {
        if (said.All(upstream => upstream.IsReachable || upstream.Models.Count > 0))
            return said;
        var last = await Read("select upstreams from agent_inventories where agent = $1", agent, stop);
        var before = last.ToDictionary(upstream => upstream.Name);
        return [.. said.Select(upstream =>
            !upstream.IsReachable && upstream.Models.Count == 0 && before.TryGetValue(upstream.Name, out var had)
                ? upstream with { Models = had.Models }
                : upstream)];
    }

    private async Task<IReadOnlyList<UpstreamReport>> Read(string sql, string agent, CancellationToken stop) =>
        await database.Scalar(sql, stop, SqlValue.Of(agent)) is string text ? Parse(text) : [];

    private async Task Read(string[] agents, CancellationToken stop)
    {
        await using var read = database.CreateCommand(
            "select agent, session, number, upstreams from agent_inventories where agent = any($1)", SqlValue.Of(agents));
        await using var reader = await read.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var reports = Parse(reader.GetString(3));
            _known[reader.GetString(0)] = new KnownUpstreams(
                reader.GetGuid(1), reader.GetInt64(2), reports, [.. reports.Select(Ready)]);
        }
    }

    private static List<UpstreamReport> Parse(string text) => JsonSerializer.Deserialize<List<UpstreamReport>>(text, Json)!;

    private static ReadyUpstream Ready(UpstreamReport upstream) => new(
        upstream.Name,
        upstream.IsReachable,
        upstream.Generations,
        upstream.Embeddings,
        upstream.Models.Select(model => ModelName.Short(model.Name)).ToHashSet(),
        upstream.Loaded.Select(ModelName.Short).ToHashSet(),
        upstream.Protocol);
}

/// <summary>What one agent's upstreams have, as it was read.</summary>
internal sealed record KnownUpstreams(
    Guid Session, long Number, IReadOnlyList<UpstreamReport> Reports, IReadOnlyList<ReadyUpstream> Ready);
