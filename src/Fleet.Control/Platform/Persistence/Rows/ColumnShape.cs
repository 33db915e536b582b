using System.Reflection;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Fleet.Control.Platform.Persistence.Rows;

/// <summary>One column of a table and the property of a row that it holds.</summary>
/// <param name="Type">The column's type where a text has to be cast to it: <c>json</c>, <c>jsonb</c>, <c>text[]</c>.</param>
/// <param name="IsFixed">Written once, with the row.</param>
internal sealed record ColumnShape(PropertyInfo Property, string Name, string? Type, bool IsFixed)
{
    /// <exception cref="NotSupportedException">The property is mapped in a way that rows in numbers cannot be.</exception>
    public static ColumnShape Of(IProperty property)
    {
        if (property.PropertyInfo is not { } member || property.GetTypeMapping().Converter is not null)
            throw new NotSupportedException($"{property.DeclaringType.Name}.{property.Name} is no plain column.");
        var type = property.GetColumnType();
        return new ColumnShape(
            member,
            property.GetColumnName(),
            type is "json" or "jsonb" or "text[]" ? type : null,
            property.GetAfterSaveBehavior() != PropertySaveBehavior.Save);
    }

    /// <summary>How columns are named after properties.</summary>
    public static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }

        return snake.ToString();
    }
}
