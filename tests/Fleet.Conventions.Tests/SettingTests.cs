using System.Text.RegularExpressions;
using Fleet.Conventions.Tests.Support;
using Fleet.Hosting.Settings;

namespace Fleet.Conventions.Tests;

/// <summary>Settings that every process must be able to tell from misspelt ones.</summary>
public sealed partial class SettingTests
{
    [Fact]
    public void Every_section_is_known_by_its_name()
    {
        var sections = Repository.Files("src")
            .SelectMany(file => Section().Matches(file.Code).Select(match => match.Groups["name"].Value))
            .ToHashSet();
        sections.Count.ShouldBeGreaterThan(20);
        sections.Except(FleetSections.All).ShouldBeEmpty();
    }

    [GeneratedRegex("""(AddSettings<\w+>|BindConfiguration|Configuration\.GetSection)\("(?<name>\w+)"\)""")]
    private static partial Regex Section();
}
