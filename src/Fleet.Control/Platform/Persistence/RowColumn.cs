using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>One column of a table, as a parameter that holds its values of many rows.</summary>
internal abstract class RowColumn<TRow>(string name, string? cast, bool isFixed) where TRow : class
{
    public string Name => name;

    /// <summary>How the parameter's value becomes the column's, in a statement over rows called <c>fresh</c>.</summary>
    public string Value => $"fresh.{name}{cast}";

    /// <summary>Written once, with the row.</summary>
    public bool IsFixed => isFixed;

    public abstract NpgsqlParameter Of(IReadOnlyList<TRow> rows);

    /// <exception cref="NotSupportedException">The property is mapped in a way that rows in numbers cannot be.</exception>
    public static RowColumn<TRow> Of(IProperty property)
    {
        if (property.PropertyInfo is not { } member || property.GetTypeMapping().Converter is not null)
            throw new NotSupportedException($"{typeof(TRow).Name}.{property.Name} is no plain column.");
        var isFixed = property.GetAfterSaveBehavior() != PropertySaveBehavior.Save;
        var type = property.GetColumnType();
        if (member.PropertyType == typeof(string[]))
        {
            var texts = member.GetMethod!.CreateDelegate<Func<TRow, string[]>>();
            return new RowColumn<TRow, string>(property.GetColumnName(), $"::{type}", isFixed, row => Literal(texts(row)));
        }

        return (RowColumn<TRow>)typeof(RowColumn<TRow>)
            .GetMethod(nameof(Plain), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(member.PropertyType)
            .Invoke(null, [member, property.GetColumnName(), type is "json" or "jsonb" ? $"::{type}" : null, isFixed])!;
    }

    private static RowColumn<TRow, TValue> Plain<TValue>(PropertyInfo member, string name, string? cast, bool isFixed) =>
        new(name, cast, isFixed, member.GetMethod!.CreateDelegate<Func<TRow, TValue>>());

    /// <summary>Arrays inside an array would have to be of one length; as texts they need not.</summary>
    private static string Literal(string[] texts) => $"{{{string.Join(',', texts.Select(Quoted))}}}";

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>A column with values of one type.</summary>
internal sealed class RowColumn<TRow, TValue>(string name, string? cast, bool isFixed, Func<TRow, TValue> read)
    : RowColumn<TRow>(name, cast, isFixed) where TRow : class
{
    public override NpgsqlParameter Of(IReadOnlyList<TRow> rows)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = read(rows[i]);
        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    }
}
