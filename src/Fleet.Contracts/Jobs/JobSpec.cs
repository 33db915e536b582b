namespace Fleet.Contracts.Jobs;

/// <summary>What an agent is to do: the kind, and the one section that belongs to the kind.</summary>
/// <param name="Kind">The capability an agent needs: <c>command</c>, <c>inference</c> or <c>noop</c>.</param>
/// <param name="Command">Present exactly when <paramref name="Kind"/> is <c>command</c>.</param>
/// <param name="Inference">Present exactly when <paramref name="Kind"/> is <c>inference</c>.</param>
public sealed record JobSpec(string Kind, CommandSpec? Command = null, InferenceSpec? Inference = null);

/// <summary>A child process: either a program with arguments, or a script with the shell that reads it.</summary>
/// <param name="Program">Absolute path, or a name looked up in PATH. Null when a script is given.</param>
/// <param name="Args">Arguments, handed over as they are: no shell reads them.</param>
/// <param name="Script">Text of a script, written to a file of the attempt and given to <paramref
/// name="Shell"/>.</param>
/// <param name="Shell">One of <c>sh bash pwsh powershell cmd</c>.</param>
/// <param name="Env">Added to the agent's environment.</param>
/// <param name="Cwd">Working directory; null means a fresh directory of the attempt.</param>
/// <param name="Stdin">Text for standard input; null means an empty input.</param>
public sealed record CommandSpec(
    string? Program = null,
    IReadOnlyList<string>? Args = null,
    string? Script = null,
    string? Shell = null,
    IReadOnlyDictionary<string, string>? Env = null,
    string? Cwd = null,
    string? Stdin = null);
