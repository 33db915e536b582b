using Fleet.Control.Platform.Work.Search;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>
/// The different names that results have in a column that an index begins with: a step for each name, not for each result.
/// </summary>
internal static class ResultNames
{
    /// <summary>Where there are more, looking at all of them costs more than it spares.</summary>
    public const int Most = 20_000;

    /// <summary>One more than <see cref="Most"/>, where there are so many.</summary>
    public static SqlText Of(string column) => new SqlText().Add(
        $"""
        with recursive names (name) as (
            (select {column} from results order by {column} limit 1)
            union all
            select (select {column} from results where {column} > names.name order by {column} limit 1)
            from names where names.name is not null)
        select name from names where name is not null limit {Most + 1}
        """);
}
