using System.Text.RegularExpressions;

namespace Fleet.Control.Platform.Access;

/// <summary>Who work belongs to. Keys see the work of their own tenant.</summary>
internal static partial class Tenants
{
    /// <summary>
    /// The tenant of those who run the fleet: its admins see every tenant, its agents work for every tenant.
    /// </summary>
    public const string Default = "default";

    /// <summary>Lower-case letters, digits and inner hyphens, at most 60 characters.</summary>
    public static bool IsName(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?\z")]
    private static partial Regex Pattern();
}
