using System.Globalization;
using System.Reflection;
using System.Text;
using Fleet.Contracts.Agents;

namespace Fleet.Conventions.Tests.Support;

/// <summary>What the processes say to each other, as text: one line a type, its fields in their order.</summary>
internal static class Vocabulary
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Every type another process can see.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(AgentReport).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)];

    public static string Text() => string.Concat(Types.Select(type => Line(type) + "\n"));

    public static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static string Line(Type type)
    {
        if (type.IsEnum)
            return $"{type.FullName} = {string.Join(" | ", Enum.GetNames(type))}";
        if (type.IsInterface)
            return $"{type.FullName} interface({string.Join(", ", Properties(type))})";
        return IsRecord(type) ? $"{type.FullName}({string.Join(", ", Fields(type))})" : $"{type.FullName} static";
    }

    private static IEnumerable<string> Fields(Type record)
    {
        var constructor = record.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var named = constructor.GetParameters();
        foreach (var field in named)
            yield return $"{Name(field.ParameterType, Nullability.Create(field))} {field.Name}{Default(field)}";
        var others = record.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => named.All(field => field.Name != property.Name) && property.CanWrite);
        foreach (var field in others)
            yield return $"{Name(field.PropertyType, Nullability.Create(field))} {field.Name}";
    }

    private static IEnumerable<string> Properties(Type face) => face.GetProperties()
        .Select(property => $"{Name(property.PropertyType, Nullability.Create(property))} {property.Name}");

    private static string Default(ParameterInfo field) => field.HasDefaultValue
        ? $" = {Convert.ToString(field.DefaultValue ?? "null", CultureInfo.InvariantCulture)}"
        : "";

    private static string Name(Type type, NullabilityInfo info)
    {
        var mark = info.ReadState == NullabilityState.Nullable ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return value.Name + "?";
        if (type.IsArray)
            return type.GetElementType()!.Name + "[]" + mark;
        if (!type.IsGenericType)
            return type.Name + mark;
        var name = new StringBuilder(type.Name[..type.Name.IndexOf('`')]).Append('<');
        name.AppendJoin(", ", type.GetGenericArguments().Select((one, i) => Name(one, info.GenericTypeArguments[i])));
        return name.Append('>').Append(mark).ToString();
    }
}
