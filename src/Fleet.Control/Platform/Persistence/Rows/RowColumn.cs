using System.Reflection;
using Npgsql;

namespace Fleet.Control.Platform.Persistence.Rows;

/// <summary>One column of a table: its values of many rows as a parameter, and its value of one row read back.</summary>
internal abstract class RowColumn<TRow>(ColumnShape shape) where TRow : class
{
    public string Name => shape.Name;

    /// <summary>How the parameter's value becomes the column's, in a statement over rows called <c>fresh</c>.</summary>
    public string Value => shape.Type is null ? $"fresh.{Name}" : $"fresh.{Name}::{shape.Type}";

    public bool IsFixed => shape.IsFixed;

    public abstract NpgsqlParameter Of(IReadOnlyList<TRow> rows);

    public abstract void Read(TRow into, NpgsqlDataReader reader, int at);

    public static RowColumn<TRow> Of(ColumnShape shape)
    {
        var get = shape.Property.GetMethod!;
        if (shape.Property.PropertyType == typeof(string[]))
        {
            var texts = get.CreateDelegate<Func<TRow, string[]>>();
            var set = shape.Property.SetMethod?.CreateDelegate<Action<TRow, string[]>>();
            return new RowColumn<TRow, string>(
                shape, row => Literal(texts(row)), (row, reader, at) => set!(row, reader.GetFieldValue<string[]>(at)));
        }

        return (RowColumn<TRow>)typeof(RowColumn<TRow>)
            .GetMethod(nameof(Plain), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(shape.Property.PropertyType)
            .Invoke(null, [shape])!;
    }

    private static RowColumn<TRow, TValue> Plain<TValue>(ColumnShape shape)
    {
        var get = shape.Property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();
        var set = shape.Property.SetMethod?.CreateDelegate<Action<TRow, TValue>>();
        return new RowColumn<TRow, TValue>(shape, get, (row, reader, at) =>
        {
            if (!reader.IsDBNull(at))
                set!(row, reader.GetFieldValue<TValue>(at));
        });
    }

    /// <summary>Arrays inside an array would have to be of one length; as texts they need not.</summary>
    private static string Literal(string[] texts) => $"{{{string.Join(',', texts.Select(Quoted))}}}";

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>A column with values of one type.</summary>
internal sealed class RowColumn<TRow, TValue>(
    ColumnShape shape, Func<TRow, TValue> get, Action<TRow, NpgsqlDataReader, int> set)
    : RowColumn<TRow>(shape) where TRow : class
{
    public override NpgsqlParameter Of(IReadOnlyList<TRow> rows)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = get(rows[i]);
        return SqlValue.Of(values);
    }

    public override void Read(TRow into, NpgsqlDataReader reader, int at) => set(into, reader, at);
}
