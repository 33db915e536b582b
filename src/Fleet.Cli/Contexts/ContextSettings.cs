using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Contexts;

/// <summary>
/// Which fleet is meant: what <c>--context</c> names, else the environment, else the fleet of the home that the command lies in,
/// else the user's current context.
/// </summary>
internal sealed class ContextSettings(Terminal terminal)
{
    public const string UrlVariable = "FLEET_URL";
    public const string KeyVariable = "FLEET_KEY";
    public const string KeyFileVariable = "FLEET_KEY_FILE";
    public const string CaFileVariable = "FLEET_CA_FILE";
    public const string ContextVariable = "FLEET_CONTEXT";

    /// <summary>Set by the <c>fleet</c> of a home: the file with its context.</summary>
    public const string HomeVariable = "FLEET_HOME_CONTEXT";

    private ContextFile? _file;

    /// <summary>The user's own contexts.</summary>
    public string Path => terminal.Variable("FLEET_CONFIG") ?? System.IO.Path.Combine(terminal.ConfigHome, "fleet", "contexts.json");

    public ContextFile File => _file ??= ContextFile.Read(Path);

    public IReadOnlyList<string> Names() => [.. File.All.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="CommandException">None is known, or not the one that is named.</exception>
    public FleetContext Chosen(string? named) => TryChosen(named) ?? throw new CommandException(
        ExitCode.Error, "No fleet is known here.", $"Log in to one (fleet login URL), or set {UrlVariable} and {KeyVariable}.");

    /// <returns>Null where none is known.</returns>
    public FleetContext? TryChosen(string? named)
    {
        if (named is not null)
            return Named(named, "--context");
        if (terminal.Variable(UrlVariable) is { } url)
        {
            return new FleetContext(
                null, FleetContext.ReadUrl(url, UrlVariable), terminal.Variable(KeyVariable), terminal.Variable(KeyFileVariable),
                terminal.Variable(CaFileVariable), $"the variable {UrlVariable}");
        }

        if (terminal.Variable(ContextVariable) is { } variable)
            return Named(variable, $"the variable {ContextVariable}");
        if (terminal.Variable(HomeVariable) is { } home
            && ContextFile.Read(home) is { Current: { } only } of
            && of.All.TryGetValue(only, out var own))
            return Of(null, own, home);
        return File.Current is { } current ? Named(current, Path) : null;
    }

    public void Put(string name, StoredContext context) =>
        Write(new ContextFile(name, new Dictionary<string, StoredContext>(File.All) { [name] = context }));

    public void Use(string name)
    {
        Named(name, "The context");
        Write(File with { Current = name });
    }

    public void Remove(string name)
    {
        Named(name, "The context");
        var rest = File.All.Where(one => one.Key != name).ToDictionary();
        Write(new ContextFile(File.Current == name ? null : File.Current, rest));
    }

    private FleetContext Named(string name, string source) => File.All.TryGetValue(name, out var context)
        ? Of(name, context, source)
        : throw new CommandException(
            ExitCode.NotFound, $"There is no context {name}.",
            File.All.Count == 0 ? "There are none yet: fleet login URL makes one." : $"There are: {string.Join(", ", Names())}.");

    private FleetContext Of(string? name, StoredContext context, string source) =>
        new(name, FleetContext.ReadUrl(context.Url, source), context.Key, context.KeyFile,
            context.CaFile ?? terminal.Variable(CaFileVariable), source);

    private void Write(ContextFile file)
    {
        file.Write(Path);
        _file = file;
    }
}
