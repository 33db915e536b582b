using Fleet.Contracts.Attempts;
using Fleet.Contracts.Notebooks;
using Fleet.Contracts.Work;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Notebooks;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Notebooks;

/// <summary>Servers of notebooks that do not become any.</summary>
public sealed class NotebookExecutorTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-nb-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_server_that_does_not_listen_in_time_is_ended_and_has_failed()
    {
        var result = await Run("exec sleep 600", startSeconds: 0.2);
        (result.Outcome, result.ErrorCode).ShouldBe((AttemptOutcome.Failed, "notebook_not_ready"));
        result.ErrorMessage!.ShouldContain("StartSeconds");
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_before_has_failed_for_its_own_reason()
    {
        var result = await Run("exit 3", startSeconds: 600);
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ExitCode.ShouldBe(3);
        result.ErrorCode.ShouldNotBe("notebook_not_ready");
    }

    private async Task<AttemptResult> Run(string script, double startSeconds)
    {
        var program = Path.Combine(_home, "jupyter-server");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var run = new CommandRun(
            settings => (settings.Notebooks.Jupyter, settings.Notebooks.StartSeconds) = (program, startSeconds));
        using var control = new ControlClient(run.Settings);
        var uploader = new ArtifactUploader(control, run.Settings, NullLogger<ArtifactUploader>.Instance);
        var process = new CommandProcess(new CommandEnvironment(run.Settings, run.Home), run.Cgroups, uploader, run.Settings);
        var executor = new NotebookExecutor(
            process, new RunningNotebooks(), new NotebookFiles(run.Settings, run.Users), run.Settings);
        var spec = SpecJson.Write(new NotebookSpec(Guid.NewGuid(), "", "/notebooks/x/"));
        AttemptResult? result = null;
        await foreach (var happened in executor.Run(new AttemptContext(run.Key, spec, null, null, run.Directory, run.Stop)))
        {
            if (happened is Ended(var how))
                result = how;
        }

        return result.ShouldNotBeNull();
    }
}
