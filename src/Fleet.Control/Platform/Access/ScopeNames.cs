using System.Collections.Frozen;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Access;

/// <summary>
/// Scopes and roles as words: <c>jobs:read</c>, and <c>viewer operator admin</c> as bundles of scopes.
/// </summary>
internal static class ScopeNames
{
    private static readonly (Scope Scope, string Name)[] Table =
        [.. Enum.GetValues<Scope>().Where(scope => scope != Scope.None).Select(scope => (scope, NameOf(scope)))];

    private static readonly FrozenDictionary<string, Scope> ByName =
        Table.ToFrozenDictionary(entry => entry.Name, entry => entry.Scope);

    private static readonly FrozenDictionary<string, Scope> Roles = new Dictionary<string, Scope>
    {
        ["viewer"] = Viewer,
        ["operator"] = Viewer | Ending(":create") | Ending(":update") | Ending(":manage"),
        ["admin"] = Scope.Admin,
    }.ToFrozenDictionary();

    /// <summary>All that the role viewer is.</summary>
    public static Scope Viewer => Ending(":read");

    public static IEnumerable<string> AllRoles => Roles.Keys.Order(StringComparer.Ordinal);

    public static bool TryParse(string name, out Scope scope) => ByName.TryGetValue(name, out scope);

    public static bool TryParseRole(string name, out Scope scopes) => Roles.TryGetValue(name, out scopes);

    /// <summary>The words of a set, in the order of the bits.</summary>
    public static string[] Of(Scope scopes) =>
        [.. Table.Where(entry => scopes.HasFlag(entry.Scope)).Select(entry => entry.Name)];

    /// <summary>What is answered to a key without these scopes.</summary>
    public static ProblemResult Lacking(Scope needed) =>
        Problem.Forbidden($"The key lacks the scope {string.Join(' ', Of(needed))}.");

    /// <summary>Words that this version does not know grant nothing.</summary>
    public static Scope Union(IEnumerable<string> names) =>
        names.Aggregate(Scope.None, (all, name) => ByName.TryGetValue(name, out var scope) ? all | scope : all);

    private static Scope Ending(string end) => Table
        .Where(entry => entry.Name.EndsWith(end, StringComparison.Ordinal))
        .Aggregate(Scope.None, (all, entry) => all | entry.Scope);

    /// <summary><c>JobsRead</c> is <c>jobs:read</c>.</summary>
    private static string NameOf(Scope scope) =>
        string.Concat(scope.ToString().Select((letter, i) =>
            char.IsUpper(letter) ? (i == 0 ? "" : ":") + char.ToLowerInvariant(letter) : letter.ToString()));
}
