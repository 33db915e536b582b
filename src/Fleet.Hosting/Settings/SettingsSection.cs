using Microsoft.Extensions.Configuration;

namespace Fleet.Hosting.Settings;

/// <summary>A section that this process reads, and what of it could not be read.</summary>
internal sealed record SettingsSection(string Name, Type Type, IReadOnlyList<string> Wrongs)
{
    /// <summary>What is wrong with the settings of a process: first what cannot be read, then what nobody here knows.</summary>
    public static IReadOnlyList<string> AllWrongs(IConfiguration configuration, IReadOnlyList<SettingsSection> sections) =>
    [
        .. sections.SelectMany(section => section.Wrongs).Distinct(),
        .. UnknownSettings.In(configuration, sections),
    ];
}
