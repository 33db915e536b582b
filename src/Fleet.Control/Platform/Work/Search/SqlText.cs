using System.Text;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>A statement in the making: whatever comes from outside becomes a parameter.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<NpgsqlParameter> _parameters = [];

    public SqlText Add(string sql)
    {
        _text.Append(sql);
        return this;
    }

    /// <summary>The words by which the statement means the value.</summary>
    public string Value<T>(T value)
    {
        _parameters.Add(SqlValue.Of(value));
        return $"${_parameters.Count}";
    }

    public SqlText AddValue<T>(T value) => Add(Value(value));

    public NpgsqlBatchCommand ToCommand() => SqlValue.BatchCommand(_text.ToString(), [.. _parameters]);
}
