using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>A choice of work, ready to become part of statements.</summary>
internal sealed class WorkCondition(WorkChoice choice, IReadOnlyDictionary<string, string[]> pending, OutputSql output)
{
    /// <summary>Asks about those that are meant, below one id and down to another.</summary>
    public SqlText Choose(string columns, Guid? after, Guid? downTo, string rest)
    {
        var sql = new SqlText().Add($"select {columns} from {WorkTables.Rows} where ");
        new WorkFilterSql(sql, choice.Now, pending, output).Add(choice.Filter);
        AddBounds(sql, after, downTo);
        if (downTo is not null)
            AddAgents(sql, after, downTo.Value);
        return sql.Add(rest);
    }

    public void AddBounds(SqlText sql, Guid? after, Guid? downTo)
    {
        sql.Add(" and family = ").AddValue(choice.Family);
        if (choice.Tenant is not null)
            sql.Add(" and tenant = ").AddValue(choice.Tenant);
        if (choice.Owner is not null)
            sql.Add(" and owner = ").AddValue(choice.Owner.Value);
        if (after is not null)
            sql.Add(" and id < ").AddValue(after.Value);
        if (downTo is not null)
            sql.Add(" and id >= ").AddValue(downTo.Value);
    }

    /// <summary>
    /// With an agent that all must have, a span is looked at in the index of agents: the bounds of ids, which the view has of its
    /// facts, do not reach the states by themselves, and then all of the span would be gone through.
    /// </summary>
    private void AddAgents(SqlText sql, Guid? after, Guid downTo)
    {
        foreach (var agents in choice.Filter.Needed.Where(one => one.Field == WorkFields.Agent
            && one is { Operator: FilterOperator.Is, IsPattern: false } && one.Values.All(value => value is TextValue)))
        {
            sql.Add($" and id in (select id from {WorkTables.State} where agent = any(")
                .AddValue(agents.Values.Cast<TextValue>().Select(agent => agent.Text).ToArray()).Add(") and id >= ").AddValue(downTo);
            if (after is { } before)
                sql.Add(" and id < ").AddValue(before);
            sql.Add(")");
        }
    }
}
