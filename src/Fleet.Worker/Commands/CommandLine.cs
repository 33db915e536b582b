using Fleet.Contracts.Jobs;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Commands;

/// <summary>
/// Decides what to start for a command: which file, with which arguments, where. No shell reads arguments.
/// </summary>
internal static class CommandLine
{
    private const string UsualPath = "/usr/local/bin:/usr/bin:/bin";
    private const int Executable = 1; // X_OK

    private static readonly Dictionary<string, string> _scriptEndings = new()
    {
        ["sh"] = "sh",
        ["bash"] = "sh",
        ["pwsh"] = "ps1",
        ["powershell"] = "ps1",
        ["cmd"] = "cmd",
    };

    /// <exception cref="ChildStartException">It cannot be started, and why.</exception>
    public static ChildCommand Of(
        CommandSpec command, AttemptDirectory directory, IReadOnlyDictionary<string, string> environment)
    {
        var place = Place(command.Cwd, directory.Work);
        var path = environment.GetValueOrDefault("PATH", UsualPath);
        var args = Args(command, directory);
        if (args.FirstOrDefault(argument => argument.Contains('\0')) is not null)
            throw new ChildStartException("An argument holds a NUL character, which no process can be given.");
        return new ChildCommand(
            args[0].Contains('/') ? args[0] : Find(args[0], path, place, command.Script is not null),
            args,
            [.. environment.Where(variable => variable.Key != "PWD").Select(v => $"{v.Key}={v.Value}"), $"PWD={place}"],
            place,
            command.Stdin is null ? null : directory.Write("stdin", command.Stdin));
    }

    /// <summary>What is relative is so to the attempt's own directory, and stays in it.</summary>
    private static string Place(string? wanted, string own)
    {
        if (wanted is null)
            return own;
        var place = Path.IsPathRooted(wanted) || wanted.Contains('\0') ? wanted : Within(Path.GetFullPath(own), wanted);
        if (File.Exists(place))
            throw new ChildStartException($"The working directory '{wanted}' is no directory but a file.");
        return Directory.Exists(place)
            ? place
            : throw new ChildStartException($"The working directory '{wanted}' does not exist.");
    }

    private static string Within(string own, string wanted)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted, own));
        return place == own || place.StartsWith(own + '/', StringComparison.Ordinal)
            ? place
            : throw new ChildStartException(
                $"The working directory '{wanted}' leads out of the attempt's own: give it as an absolute path.");
    }

    private static List<string> Args(CommandSpec command, AttemptDirectory directory)
    {
        if (command.Script is null)
        {
            var program = command.Program ?? throw new ChildStartException("The job names no program.");
            return [program, .. command.Args ?? []];
        }

        var shell = command.Shell ?? "sh";
        if (!_scriptEndings.TryGetValue(shell, out var ending))
            throw new ChildStartException($"The shell '{shell}' is not one that Fleet knows.");
        return [shell, directory.Write($"script.{ending}", command.Script), .. command.Args ?? []];
    }

    /// <param name="place">What relative directories of <paramref name="path"/> are relative to, as for any child of a shell.</param>
    private static string Find(string name, string path, string place, bool isShell)
    {
        var kind = isShell ? "shell" : "program";
        var found = path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(place, directory, name))
            .Where(File.Exists)
            .ToList();
        if (found.Find(file => Libc.Access(file, Executable) == 0) is { } file)
            return file;
        throw new ChildStartException(found.Count > 0
            ? $"The {kind} '{found[0]}' is not executable."
            : $"The {kind} '{name}' was not found in PATH ({path}).");
    }
}
