using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Platform.Processes;

/// <summary>What to start, with everything decided.</summary>
/// <param name="File">Path of the program; a relative one counts from <paramref name="Directory"/>.</param>
/// <param name="Args">All arguments, the program's own name first.</param>
/// <param name="Environment">The whole environment as <c>NAME=value</c>.</param>
/// <param name="Directory">An existing directory.</param>
/// <param name="InputFile">What standard input reads; null means nothing.</param>
/// <param name="Nice">How much it gives way to others, 0 to 19.</param>
/// <param name="User">As whom it runs; null means as this process, with all its rights: for the agent's own tools.</param>
/// <param name="MostProcesses">How many processes that user may have; 0 means as many as the host lets it.</param>
internal sealed record ChildCommand(
    string File,
    IReadOnlyList<string> Args,
    IReadOnlyList<string> Environment,
    string Directory,
    string? InputFile = null,
    int Nice = 0,
    ChildUser? User = null,
    int MostProcesses = 0);

/// <summary>How a process ended; both null when the system could not tell.</summary>
/// <param name="Signal">The number of the signal that ended it.</param>
/// <param name="CpuSeconds">User and system time of it and of the children it waited for.</param>
/// <param name="PeakMemoryBytes">The largest resident set of any of these; null when it ended unseen.</param>
internal sealed record ChildExit(int? ExitCode, int? Signal, double CpuSeconds, long? PeakMemoryBytes);

/// <summary>A process that could not be started; the message is a sentence for people.</summary>
internal sealed class ChildStartException(string message) : Exception(message);
