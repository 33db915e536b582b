using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Worker.Backups;

/// <summary>A version of restic, and what it can do.</summary>
internal sealed partial record ResticVersion(int Major, int Minor, int Patch)
{
    /// <summary>Whether <c>restore</c> tells its progress and its end as JSON.</summary>
    public bool RestoresAsJson => IsAtLeast(16);

    /// <summary>Whether <c>restore</c> leaves alone what is there already.</summary>
    public bool RestoresWhatIsMissing => IsAtLeast(17);

    /// <summary>Reads what <c>restic version</c> says; null where that is something else.</summary>
    public static ResticVersion? Parse(string text) =>
        Pattern().Match(text) is { Success: true } found
            ? new ResticVersion(Number(found, 1), Number(found, 2), Number(found, 3))
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static int Number(Match found, int group) =>
        found.Groups[group] is { Success: true } digits ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private bool IsAtLeast(int minor) => Major > 0 || Minor >= minor;

    [GeneratedRegex(@"\brestic (\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")]
    private static partial Regex Pattern();
}
