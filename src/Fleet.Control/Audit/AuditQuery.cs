using System.Globalization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Audit;

/// <summary>
/// Which rows are asked for: <c>?since=&amp;until=&amp;key=&amp;agent=&amp;action=&amp;path=&amp;status=</c>. One of the
/// conditions with an index finds rows, the others are looked up in what it finds.
/// </summary>
internal sealed class AuditQuery
{
    public static readonly string[] Known =
        ["since", "until", "key", "agent", "action", "path", "status", "limit", "cursor"];

    private readonly List<(string Sql, NpgsqlDbType Type, object Value, bool Finds)> _conditions = [];

    private AuditQuery()
    {
    }

    public DateTimeOffset? Since { get; private set; }

    public DateTimeOffset? Until { get; private set; }

    public static AuditQuery Of(IQueryCollection query, Caller caller)
    {
        var wanted = new AuditQuery { Since = Time(query, "since"), Until = Time(query, "until") };
        if (One(query, "agent") is { } agent)
            wanted.Add("agent = {0}", NpgsqlDbType.Text, agent, finds: true);
        if (One(query, "key") is { } key)
        {
            if (WireId.TryParse(key, out var id))
                wanted.Add("key_id = {0}", NpgsqlDbType.Uuid, id, finds: true);
            else
                wanted.Add("who = {0}", NpgsqlDbType.Text, key, finds: false);
        }

        if (One(query, "status") is { } status)
            wanted.AddStatus(status);
        if (One(query, "action") is { } action)
            wanted.Add("action = {0}", NpgsqlDbType.Text, action, finds: true);
        if (One(query, "path") is { } path)
            wanted.Add("starts_with(path, {0})", NpgsqlDbType.Text, path, finds: false);
        if (wanted.Since is { } since)
            wanted.Add("at >= {0}", NpgsqlDbType.TimestampTz, since.UtcDateTime, finds: false);
        if (!caller.MaySeeAll)
            wanted.Add("tenant = {0}", NpgsqlDbType.Text, caller.Tenant, finds: false);
        return wanted;
    }

    /// <summary>The condition that an index answers, as SQL with <c>and</c> in front; empty when there is none.</summary>
    public string Finding(NpgsqlParameterCollection parameters) => Sql(_conditions.Where(one => one.Finds).Take(1), parameters);

    /// <summary>All the others.</summary>
    public string Sifting(NpgsqlParameterCollection parameters)
    {
        var finding = _conditions.FindIndex(one => one.Finds);
        return Sql(_conditions.Where((_, place) => place != finding), parameters);
    }

    private static string Sql(
        IEnumerable<(string Sql, NpgsqlDbType Type, object Value, bool Finds)> conditions, NpgsqlParameterCollection parameters) =>
        string.Concat(conditions.Select(one =>
        {
            parameters.Add(SqlValue.Of(one.Type, one.Value));
            return " and " + string.Format(CultureInfo.InvariantCulture, one.Sql, $"${parameters.Count}");
        }));

    private void AddStatus(string text)
    {
        if (text is [>= '1' and <= '5' and var hundred, 'x', 'x'])
            Add($"status / 100 = {{0}}", NpgsqlDbType.Integer, hundred - '0', finds: false);
        else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599)
            Add(status >= 400 ? "status = {0} and status >= 400" : "status = {0}", NpgsqlDbType.Integer, status, finds: status >= 400);
        else
            throw Wrong("status", "Write a status as in 403, or a kind of them as in 4xx.");
    }

    private void Add(string sql, NpgsqlDbType type, object value, bool finds) => _conditions.Add((sql, type, value, finds));

    private static string? One(IQueryCollection query, string field) =>
        query[field] is { Count: > 1 } ? throw Wrong(field, "Give this once.") : query[field].FirstOrDefault();

    private static DateTimeOffset? Time(IQueryCollection query, string field) =>
        One(query, field) is not { } text ? null
        : QueryTime.Read(field, text) is var time && time >= DateTimeOffset.UnixEpoch ? time
        : throw Wrong(field, "Nothing was written before 1970.");

    private static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));
}
