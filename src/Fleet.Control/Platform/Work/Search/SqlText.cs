using System.Text;
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
        _parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return $"${_parameters.Count}";
    }

    public SqlText AddValue<T>(T value) => Add(Value(value));

    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(_text.ToString());
        command.Parameters.AddRange(_parameters.ToArray());
        return command;
    }
}
