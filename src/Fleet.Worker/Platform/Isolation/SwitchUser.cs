using System.Globalization;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>
/// Starts a program as another user: by <c>setpriv</c> of util-linux, which changes user and groups, drops every
/// capability, and is then replaced by the program.
/// </summary>
internal static class SwitchUser
{
    private static readonly string[] _places = ["/usr/bin/setpriv", "/bin/setpriv", "/usr/sbin/setpriv"];

    /// <summary>Null where this host has none.</summary>
    public static string? Tool { get; } = Array.Find(_places, File.Exists);

    /// <summary>The arguments, the tool's own name first.</summary>
    /// <param name="file">The program; a path.</param>
    /// <param name="args">All arguments, the program's own name first: that one is the path here.</param>
    public static IReadOnlyList<string> Arguments(ChildUser user, string file, IReadOnlyList<string> args) =>
    [
        "setpriv",
        Option("--reuid", user.Id),
        Option("--regid", user.Group),
        user.Others.Count == 0 ? "--clear-groups" : $"--groups={string.Join(',', user.Others)}",
        "--no-new-privs",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--",
        file,
        .. args.Skip(1),
    ];

    private static string Option(string name, uint id) => string.Create(CultureInfo.InvariantCulture, $"{name}={id}");
}
