using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Fleet.Hosting.Settings;

/// <summary>
/// Reads a section as people write it: a list also as one value with commas, a size also with its unit. What cannot be
/// read so becomes a sentence, and is left out, so that the rest can be read on.
/// </summary>
internal sealed class SettingsReader
{
    private readonly Dictionary<string, string?> _better = [];
    private readonly List<string> _wrongs = [];

    /// <returns>Sentences about what is wrong.</returns>
    public static IReadOnlyList<string> Read(IConfigurationManager configuration, string section, Type type)
    {
        var reader = new SettingsReader();
        reader.Visit(configuration.GetSection(section), type, Activator.CreateInstance(type));
        if (reader._better.Count > 0)
            configuration.AddInMemoryCollection(reader._better);
        return reader._wrongs;
    }

    /// <param name="standard">What counts where nothing is said.</param>
    private void Visit(IConfigurationSection at, Type declared, object? standard)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (SettingTypes.IsSingle(type))
            Single(at, type, standard);
        else if (SettingTypes.ItemOf(type) is { } item)
            List(at, item);
        else
            Inside(at, type, standard);
    }

    private void Single(IConfigurationSection at, Type type, object? standard)
    {
        if (at.GetChildren().Any())
            Wrong(at, standard, $"{at.Path} is one value, not several: set {Variable(at.Path)} itself.");
        if (at.Value is not { } text || type == typeof(string))
            return;
        if (text.Trim().Length == 0)
            _better[at.Path] = TextOf(standard); // as if it were not there
        else if (IsSize(at, type) && ByteSizes.TryRead(text) is { } bytes && Fits(type, bytes))
            _better[at.Path] = bytes.ToString(CultureInfo.InvariantCulture);
        else if (!SettingTypes.CanRead(type, text))
        {
            var wanted = IsSize(at, type) ? ByteSizes.Examples : SettingTypes.Wanted(type);
            Wrong(at, standard, $"{at.Path} is '{text}', and must be {wanted}.");
        }
    }

    private void List(IConfigurationSection at, Type item)
    {
        var items = at.GetChildren().ToArray();
        if (at.Value is { Length: > 0 } text)
        {
            if (items.Length > 0)
            {
                var (one, other) = (Variable(at.Path), Variable(items[0].Path));
                Wrong(at, null, $"{at.Path} is there as one value ({one}) and as a list ({other}): leave one out.");
                return;
            }

            _better[at.Path] = null;
            foreach (var (number, entry) in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Index())
                _better[$"{at.Path}:{number}"] = entry;
        }

        foreach (var entry in items)
            Visit(entry, item, null);
    }

    private void Inside(IConfigurationSection at, Type type, object? standard)
    {
        if (at.Value is { Length: > 0 })
            Wrong(at, null, $"{at.Path} is no single value: it has settings inside, as {Variable(at.Path)}__NAME.");
        var values = SettingTypes.ValueOf(type);
        var fields = SettingTypes.FieldsOf(type);
        foreach (var child in at.GetChildren())
        {
            if (values is not null)
                Visit(child, values, null);
            else if (fields.TryGetValue(child.Key, out var field))
                Visit(child, field.PropertyType, standard is null ? null : field.GetValue(standard));
        }
    }

    private void Wrong(IConfigurationSection at, object? standard, string sentence)
    {
        _wrongs.Add(sentence);
        _better[at.Path] = TextOf(standard);
    }

    private static string? TextOf(object? standard) => Convert.ToString(standard, CultureInfo.InvariantCulture);

    private static bool IsSize(IConfigurationSection at, Type type) =>
        at.Key.EndsWith("Bytes", StringComparison.OrdinalIgnoreCase) && (type == typeof(int) || type == typeof(long));

    private static bool Fits(Type type, long bytes) => type == typeof(long) || bytes <= int.MaxValue;

    /// <summary>The setting's name in an environment.</summary>
    internal static string Variable(string path) => path.Replace(":", "__", StringComparison.Ordinal);
}
