using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Fleet.Hosting.Settings;

/// <summary>A section that this process reads, and what is wrong with it.</summary>
internal sealed record SettingsSection(string Name, Type Type, IReadOnlyList<string> Wrongs)
{
    /// <summary>What is wrong with the settings of a process: first what is wrong, then what nobody here knows.</summary>
    public static IReadOnlyList<string> AllWrongs(IConfiguration configuration, IReadOnlyList<SettingsSection> sections) =>
    [
        .. sections.SelectMany(section => section.Wrongs).Distinct(),
        .. UnknownSettings.In(configuration, sections),
    ];

    /// <summary>What the rules of the settings say, with the name of the setting.</summary>
    public static IEnumerable<string> WrongsOf(string section, object settings)
    {
        var wrongs = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), wrongs, validateAllProperties: true);
        return wrongs.Select(wrong =>
        {
            var sentence = wrong.ErrorMessage ?? "is wrong.";
            return wrong.MemberNames.FirstOrDefault() is { } name && !sentence.Contains($"{section}:", StringComparison.Ordinal)
                ? $"{section}:{name} is '{ValueOf(settings, name)}'. {sentence}" : sentence;
        });
    }

    private static object? ValueOf(object settings, string name) => settings.GetType().GetProperty(name)?.GetValue(settings);
}
