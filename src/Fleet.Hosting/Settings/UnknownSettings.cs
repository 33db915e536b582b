using Microsoft.Extensions.Configuration;

namespace Fleet.Hosting.Settings;

/// <summary>
/// Finds settings that nobody reads, which are most often misspelt. An environment also holds what is meant for other
/// programs: of a section that is unknown only what looks like a known one is told.
/// </summary>
internal static class UnknownSettings
{
    public static IEnumerable<string> In(IConfiguration configuration, IReadOnlyList<SettingsSection> sections)
    {
        var types = sections.ToLookup(section => section.Name, section => section.Type, StringComparer.OrdinalIgnoreCase);
        foreach (var section in configuration.GetChildren())
        {
            if (types.Contains(section.Key))
            {
                foreach (var wrong in Below(section, [.. types[section.Key]]))
                    yield return wrong;
            }
            else if (section.GetChildren().Any() && !FleetSections.All.Contains(section.Key)
                && Nearest(section.Key, FleetSections.All, Math.Min(2, section.Key.Length / 3)) is { } meant)
            {
                yield return Sentence(section.GetChildren().First().Path, $"{meant}:{section.GetChildren().First().Key}");
            }
        }
    }

    private static IEnumerable<string> Below(IConfigurationSection at, Type[] types)
    {
        if (types.Any(SettingTypes.IsSingle))
            return [];
        Type[] inside = [.. types.Select(type => SettingTypes.ValueOf(type) ?? SettingTypes.ItemOf(type)).OfType<Type>()];
        if (inside.Length > 0)
            return at.GetChildren().SelectMany(child => Below(child, inside));
        var fields = types.SelectMany(type => SettingTypes.FieldsOf(type)).ToLookup(
            field => field.Key, field => field.Value.PropertyType, StringComparer.OrdinalIgnoreCase);
        return at.GetChildren().Where(child => !FleetSections.Elsewhere.Contains(child.Path)).SelectMany(child => fields.Contains(child.Key)
            ? Below(child, [.. fields[child.Key].Select(type => Nullable.GetUnderlyingType(type) ?? type)])
            : [Sentence(child.Path, Nearest(child.Key, fields.Select(field => field.Key), child.Key.Length / 2) is { } meant
                ? $"{at.Path}:{meant}" : null)]);
    }

    private static string Sentence(string path, string? meant)
    {
        var sentence = $"There is no setting {path} ({SettingsReader.Variable(path)} in an environment).";
        return meant is null ? sentence : $"{sentence} Perhaps {meant} is meant.";
    }

    private static string? Nearest(string name, IEnumerable<string> known, int within)
    {
        var (nearest, distance) = known.Select(one => (one, Distance(name.ToUpperInvariant(), one.ToUpperInvariant())))
            .DefaultIfEmpty(("", int.MaxValue)).MinBy(one => one.Item2);
        return distance <= within ? nearest : null;
    }

    /// <summary>Letters to change, add or leave out (Levenshtein 1966).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
