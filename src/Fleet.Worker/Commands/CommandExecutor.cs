using Fleet.Contracts.Jobs;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Commands;

/// <summary>Runs a command as a child process.</summary>
internal sealed class CommandExecutor(
    CommandEnvironment environment, AttemptCgroups cgroups, ArtifactUploader artifacts, WorkerSettings settings) : IExecutor
{
    private readonly CommandProcess _process = new(environment, cgroups, artifacts, settings);

    public string Kind => JobKinds.Command;

    public bool StartsProcesses => true;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var command = attempt.Spec<CommandSpec>();
        return AttemptEventStream.Of(attempt.Stop, events => _process.Perform(command, attempt, events));
    }
}
