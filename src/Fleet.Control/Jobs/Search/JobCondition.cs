namespace Fleet.Control.Jobs.Search;

/// <summary>A choice of jobs, ready to become part of statements.</summary>
internal sealed class JobCondition(JobChoice choice, IReadOnlyDictionary<string, string[]> lanes, OutputSql output)
{
    /// <summary>Asks about those that are meant, below one id and down to another.</summary>
    public SqlText Choose(string columns, Guid? after, Guid? downTo, string rest)
    {
        var sql = new SqlText().Add($"select {columns} from jobs where ");
        new JobFilterSql(sql, choice.Now, lanes, output).Add(choice.Filter);
        AddBounds(sql, after, downTo);
        return sql.Add(rest);
    }

    public void AddBounds(SqlText sql, Guid? after, Guid? downTo)
    {
        if (choice.Tenant is not null)
            sql.Add(" and tenant = ").AddValue(choice.Tenant);
        if (after is not null)
            sql.Add(" and id < ").AddValue(after.Value);
        if (downTo is not null)
            sql.Add(" and id >= ").AddValue(downTo.Value);
    }
}
