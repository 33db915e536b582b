using System.Text.RegularExpressions;

namespace Fleet.Control.Backups;

/// <summary>Names of repositories and source groups; those of groups are tags of their snapshots as well.</summary>
internal static partial class BackupNames
{
    public const string Rule =
        "Use 1 to 100 letters, digits, dots, hyphens, underscores and inner blanks, beginning with a letter or digit.";

    public static bool IsName(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[\p{L}\p{Nd}]([\p{L}\p{Nd} ._-]{0,98}[\p{L}\p{Nd}._-])?\z")]
    private static partial Regex Pattern();
}
