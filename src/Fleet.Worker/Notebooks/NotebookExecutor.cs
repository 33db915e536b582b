using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Notebooks;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Notebooks;

/// <summary>
/// Runs the Jupyter server of a notebook until somebody stops it, or nobody has used it for long. Its files stay; a purge removes them.
/// </summary>
internal sealed class NotebookExecutor(
    CommandProcess process, RunningNotebooks running, NotebookFiles files, WorkerSettings settings) : IExecutor
{
    /// <summary>Its user makes the directory: what lies in a notebook's own may be a link of somebody's making.</summary>
    private const string Start = "cd -- \"$1\" && mkdir -p -- \"./$2\" && cd -- \"./$2\" && shift 2 && exec \"$@\"";

    private const string Listening = "listening";
    private const string NotReady = "notebook_not_ready";
    private const int TokenBytes = 32;

    public string Kind => NotebookSpec.Kind;

    public bool StartsProcesses => true;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var notebook = attempt.Spec<NotebookSpec>();
        return AttemptEventStream.Of(
            attempt.Stop, events => notebook.Purge ? Purge(notebook.Notebook) : Serve(notebook, attempt, events));
    }

    private async Task<AttemptResult> Purge(Guid notebook)
    {
        await files.Remove(notebook);
        return AttemptResults.Succeeded;
    }

    private async Task<AttemptResult> Serve(NotebookSpec notebook, AttemptContext attempt, ChannelWriter<AttemptEvent> events)
    {
        var socket = Path.Combine(attempt.Directory.Temporary, "s");
        if (HostProgram.Find(settings.Notebooks.Jupyter) is not { } program)
            return AttemptResults.NotStarted($"'{settings.Notebooks.Jupyter}' is not installed on the agent.");
        if (Encoding.UTF8.GetByteCount(socket) > NotebookServer.LongestPath)
            return AttemptResults.NotStarted($"The path {socket} is too long for a socket: Worker:WorkDirectory must be a shorter one.");
        var home = files.Open(notebook.Notebook, attempt.Directory);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var server = new NotebookServer(socket, token, attempt.Directory.User);
        var (work, number) = (attempt.Key.WorkId, attempt.Key.Attempt);
        using var over = new CancellationTokenSource();
        running.Add(work, number, new RunningNotebook(
            server, new NotebookWorkspace(program, home, notebook.Workspace, attempt.Directory.User)));
        try
        {
            var stop = attempt.Stop.Follower();
            var ready = BecomesReady(server, stop, events, over.Token);
            var result = await process.Perform(
                CommandOf(notebook, attempt.Directory, program, home, socket, token), attempt with { Stop = stop }, events);
            await over.CancelAsync();
            var wasStopped = result.Outcome == AttemptOutcome.Cancelled; // one that ended by itself says more
            return await ready || !wasStopped ? result : result.FailedBy(NotReady, string.Create(
                CultureInfo.InvariantCulture,
                $"It did not listen within {settings.Notebooks.StartSeconds} s (Worker:Notebooks:StartSeconds)."));
        }
        finally
        {
            running.Remove(work, number);
        }
    }

    /// <summary>Tells that it listens; one that does not in its time is asked to end.</summary>
    /// <param name="over">It has ended.</param>
    /// <returns>False when it was asked to end.</returns>
    private async Task<bool> BecomesReady(
        NotebookServer server, StopSignal stop, ChannelWriter<AttemptEvent> events, CancellationToken over)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
        patience.CancelAfter(TimeSpan.FromSeconds(settings.Notebooks.StartSeconds));
        await server.AwaitReady(patience.Token);
        if (server.Ready.IsCompletedSuccessfully)
            await events.WriteAsync(new Progressed(new ProgressReport(1, Listening)), CancellationToken.None);
        var isLate = !server.Ready.IsCompletedSuccessfully && !over.IsCancellationRequested && !stop.Asked.IsCompleted;
        if (isLate)
            stop.Ask(StopReason.Cancelled, TimeSpan.FromSeconds(settings.KillGraceSeconds));
        return !isLate;
    }

    private CommandSpec CommandOf(
        NotebookSpec notebook, AttemptDirectory directory, string program, string home, string socket, string token)
    {
        var idle = settings.Notebooks.IdleSeconds.ToString(CultureInfo.InvariantCulture);
        return new CommandSpec(
            "/bin/sh",
            [
                "-c", Start, "sh", home, notebook.Workspace, program,
                $"--ServerApp.sock={socket}",
                "--ServerApp.sock_mode=0600",
                $"--ServerApp.base_url={notebook.BasePath}",
                "--ServerApp.open_browser=False",
                "--ServerApp.allow_root=True",
                $"--ServerApp.shutdown_no_activity_timeout={idle}",
                $"--MappingKernelManager.cull_idle_timeout={idle}",
            ],
            Env: new Dictionary<string, string>
            {
                ["HOME"] = home,
                ["JUPYTER_TOKEN"] = token,
                ["JUPYTER_CONFIG_DIR"] = Path.Combine(directory.Temporary, "config"),
                ["JUPYTER_RUNTIME_DIR"] = Path.Combine(directory.Temporary, "runtime"),
            },
            Cwd: directory.Work);
    }
}
