using System.ComponentModel;
using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace Fleet.Hosting.Settings;

/// <summary>What a setting's type says about how its value is written.</summary>
internal static class SettingTypes
{
    /// <summary>The items of a list; null for what is no list.</summary>
    public static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : Implements(type, typeof(ICollection<>)) is { } list && ValueOf(type) is null ? list.GetGenericArguments()[0]
        : null;

    /// <summary>The values of a dictionary with names as keys; null for what is none.</summary>
    public static Type? ValueOf(Type type) => Implements(type, typeof(IDictionary<,>))?.GetGenericArguments()[1];

    /// <summary>The settings inside of a setting; empty for a single value.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> FieldsOf(Type type) => IsSingle(type)
        ? new Dictionary<string, PropertyInfo>()
        : type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite || ItemOf(property.PropertyType) is not null || ValueOf(property.PropertyType) is not null)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    public static bool IsSingle(Type type) =>
        type.IsPrimitive || type.IsEnum || TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    public static bool CanRead(Type type, string text)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>What is right, in words.</summary>
    public static string Wanted(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) => "a number",
        _ when type == typeof(int) => Between<int>(),
        _ when type == typeof(long) => Between<long>(),
        _ when type == typeof(ushort) => Between<ushort>(),
        _ => $"a {type.Name}",
    };

    private static string Between<T>() where T : IMinMaxValue<T>, IFormattable => string.Create(
        CultureInfo.InvariantCulture, $"a whole number from {T.MinValue:N0} to {T.MaxValue:N0}, without separators");

    private static Type? Implements(Type type, Type definition) =>
        type.GetInterfaces().Append(type).FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == definition);
}
