namespace Fleet.Control.Platform.Persistence.Rows;

/// <summary>How the server is to find rows.</summary>
internal static class RowPlans
{
    /// <summary>
    /// By their key, whatever the planner thinks of tables that were small when it looked: a plan that reads such a table from
    /// end to end is kept by every connection, and is asked for each row when the table has grown. Holds for one transaction.
    /// </summary>
    public const string ByKey =
        """
        select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
               set_config('enable_seqscan', 'off', true)
        """;
}
