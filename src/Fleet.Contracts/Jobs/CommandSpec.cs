namespace Fleet.Contracts.Jobs;

/// <summary>A child process: either a program with arguments, or a script with the shell that reads it.</summary>
/// <param name="Program">Absolute path, or a name looked up in PATH. Null when a script is given.</param>
/// <param name="Args">Arguments, handed over as they are: no shell reads them.</param>
/// <param name="Script">Text of a script, written to a file of the attempt and given to <paramref
/// name="Shell"/>.</param>
/// <param name="Shell">One of <c>sh bash pwsh powershell cmd</c>.</param>
/// <param name="Env">Added to the agent's environment.</param>
/// <param name="Cwd">Working directory: absolute, or within the fresh directory of the attempt, which null means.</param>
/// <param name="Stdin">Text for standard input; null means an empty input.</param>
public sealed record CommandSpec(
    string? Program = null,
    IReadOnlyList<string>? Args = null,
    string? Script = null,
    string? Shell = null,
    IReadOnlyDictionary<string, string>? Env = null,
    string? Cwd = null,
    string? Stdin = null);

/// <summary>Kinds of jobs.</summary>
public static class JobKinds
{
    /// <summary>A child process: <see cref="CommandSpec"/>.</summary>
    public const string Command = "command";

    /// <summary>Nothing at all: it succeeds at once.</summary>
    public const string Noop = "noop";
}
