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
}
