using System.Globalization;
using System.Text;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>
/// Which rule governs a piece of work: one of its tenant before one of all, then the one with more labels, then the one that names
/// its kind, then the newer; without any, the setting.
/// </summary>
internal sealed class RetentionPlan : IEquatable<RetentionPlan>
{
    private readonly RetentionRule[] _rules;
    private readonly long? _otherwise;

    /// <param name="otherwise">Seconds; null means for ever.</param>
    public RetentionPlan(IEnumerable<RetentionRule> rules, long? otherwise)
    {
        _rules = [.. rules
            .OrderByDescending(rule => rule.Tenant is not null)
            .ThenByDescending(rule => rule.LabelCount)
            .ThenByDescending(rule => rule.Kind is not null)
            .ThenByDescending(rule => rule.Id)];
        _otherwise = otherwise;
        Keeps = [.. _rules.Select(rule => rule.KeepSeconds).Append(otherwise).OfType<long>().Distinct().Order()];
    }

    /// <summary>Every time, in seconds, after which some work may go.</summary>
    public IReadOnlyList<long> Keeps { get; }

    /// <summary>Whether both would do the same.</summary>
    public bool Equals(RetentionPlan? other) =>
        other is not null && other._otherwise == _otherwise
        && other._rules.Select(rule => rule.Id).SequenceEqual(_rules.Select(rule => rule.Id));

    public override bool Equals(object? obj) => Equals(obj as RetentionPlan);

    public override int GetHashCode() => _rules.Length;

    /// <summary>For how many seconds a row of work is kept, as SQL; null for ever.</summary>
    public string KeepOf(NpgsqlBatchCommand command)
    {
        var sql = new StringBuilder("case");
        foreach (var rule in _rules)
            sql.Append(" when ").Append(Names(rule, command)).Append(" then ").Append(Add(command, rule.KeepSeconds));
        return sql.Append(_rules.Length == 0 ? " when true then " : " else ").Append(Add(command, _otherwise)).Append(" end").ToString();
    }

    /// <summary>Whether this rule, and no other, governs a row of work, as SQL.</summary>
    public string IsGovernedBy(Guid id, NpgsqlBatchCommand command)
    {
        var place = Array.FindIndex(_rules, rule => rule.Id == id);
        return string.Join(" and ", _rules[..place].Select(rule => $"not ({Names(rule, command)})").Append(Names(_rules[place], command)));
    }

    private static string Names(RetentionRule rule, NpgsqlBatchCommand command)
    {
        var all = new List<string> { $"labels @> {Add(command, NpgsqlDbType.Jsonb, rule.Labels)}" };
        if (rule.Tenant is not null)
            all.Add($"tenant = {Add(command, NpgsqlDbType.Text, rule.Tenant)}");
        if (rule.Kind is not null)
            all.Add($"{WorkTables.Facts}.kind = {Add(command, NpgsqlDbType.Text, rule.Kind)}");
        return string.Join(" and ", all);
    }

    private static string Add(NpgsqlBatchCommand command, long? seconds) => Add(command, NpgsqlDbType.Bigint, seconds);

    private static string Add(NpgsqlBatchCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(SqlValue.Of(type, value));
        return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
    }
}
