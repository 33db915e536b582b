namespace Fleet.Control.Platform.Persistence.Rows;

/// <summary>
/// Statements over arrays of columns that save rows of one table; their text is the same for any number of rows:
/// prepared once, and planned to find rows by their key.
/// </summary>
/// <param name="key">Name of the column that is the key.</param>
/// <param name="version">Name of the column that grows with each change; null where another table guards the row.</param>
internal sealed class RowStatements<TRow>(
    string table, IReadOnlyList<RowColumn<TRow>> columns, string key, string? version) where TRow : class
{
    public string Insert { get; } = $"insert into {table} ({Names(columns)}) select {Values(columns)} from {Rows(columns)}";

    public IReadOnlyList<RowColumn<TRow>> All => columns;

    /// <summary>The key, the version, and what may change.</summary>
    public IReadOnlyList<RowColumn<TRow>> Mutable { get; } =
        [.. columns.Where(column => column.Name == key || !column.IsFixed)];

    public IReadOnlyList<RowColumn<TRow>> Key { get; } =
        [.. columns.Where(column => column.Name == key || column.Name == version)];

    public string Update => UpdateWith();

    /// <param name="also">Columns of the parameters that are none of the table.</param>
    public string UpdateWith(params RowColumn<TRow>[] also) => $"update {table} kept set "
        + string.Join(", ", Mutable.Where(column => column.Name != key).Select(column => $"{column.Name} = {column.Value}"))
        + $" from {Rows([.. Mutable, .. also])} where kept.{key} = fresh.{key}"
        + (version is null ? "" : $" and kept.{version} = fresh.{version} - 1");

    public string Delete => $"delete from {table} kept using {Rows(Key)} where kept.{key} = fresh.{key}"
        + (version is null ? "" : $" and kept.{version} = fresh.{version}");

    private static string Names(IEnumerable<RowColumn<TRow>> columns) =>
        string.Join(", ", columns.Select(column => column.Name));

    private static string Values(IEnumerable<RowColumn<TRow>> columns) =>
        string.Join(", ", columns.Select(column => column.Value));

    private static string Rows(IReadOnlyList<RowColumn<TRow>> columns) =>
        $"unnest({string.Join(", ", Enumerable.Range(1, columns.Count).Select(n => $"${n}"))}) as fresh ({Names(columns)})";
}
