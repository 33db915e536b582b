using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Persistence.Rows;

/// <summary>The statements that save the rows of a unit, and whether they met the rows they were made for.</summary>
internal sealed class RowSaves(NpgsqlBatch batch)
{
    private readonly List<(NpgsqlBatchCommand Command, int Rows)> _saves = [];

    public void Add<TRow>(string sql, IReadOnlyList<RowColumn<TRow>> columns, IReadOnlyList<TRow> rows) where TRow : class
    {
        if (rows.Count == 0)
            return;
        if (_saves.Count == 0)
            batch.Add(RowPlans.ByKey);
        var save = SqlValue.BatchCommand(sql, [.. columns.Select(column => column.Of(rows))]);
        batch.BatchCommands.Add(save);
        _saves.Add((save, rows.Count));
    }

    /// <exception cref="DbUpdateConcurrencyException">Another process changed or removed a row meanwhile.</exception>
    public void Check()
    {
        if (_saves.Any(save => save.Command.RecordsAffected != save.Rows))
            throw new DbUpdateConcurrencyException("A row was changed by another process.");
    }
}
