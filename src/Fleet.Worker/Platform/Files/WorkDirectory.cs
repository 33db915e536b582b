using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Processes;
using Microsoft.Extensions.Options;

namespace Fleet.Worker.Platform.Files;

/// <summary>
/// The directory this process owns while it lives. Before anything else it ends what an earlier run left running:
/// a worker that was killed could not end its attempts itself.
/// </summary>
internal sealed class WorkDirectory(
    WorkerSettings settings, JobUsers users, AttemptCgroups cgroups, ILogger<WorkDirectory> log)
    : IHostedService, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode PassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly TimeSpan _sweepPatience = TimeSpan.FromSeconds(10);

    private FileStream? _lock;

    /// <summary>Where each attempt has its directory.</summary>
    public string Attempts { get; } = Path.Combine(settings.Home, "attempts");

    /// <summary>Where what this agent answers for is written down.</summary>
    public string AttemptLog { get; } = Path.Combine(settings.Home, "attempt-log");

    /// <summary>What the processes that this run starts have in their environment, and no others.</summary>
    public string RunMark { get; } = $"FLEET_RUN_MARK={Guid.NewGuid():N}";

    /// <summary>What every process of this agent's attempts has in its environment.</summary>
    public IReadOnlyList<string> Marks { get; } =
        [$"FLEET_AGENT={settings.Name}", $"FLEET_HOME_MARK={settings.Home}"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Create(settings.Home);
        Lock();
        users.Open(settings.Home);
        var killed = await OrphanReaper.Kill(Marks, users.Switches ? users.AllGroups : null, _sweepPatience);
        if (killed > 0)
            log.Swept(killed);
        if (!settings.KeepAttemptDirectories)
            await RemoveOldAttempts();
        Create(Attempts);
        if (users.Switches)
            await LetJobsIn();
        else
            log.JobsRunAsTheAgent();
        cgroups.Open();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _lock?.Dispose();

    private static void Create(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"Worker:WorkDirectory cannot be used: {refused.Message} Give one this user may write to.");
        }
    }

    /// <summary>Users of jobs pass through to the directories of their attempts, and see nothing else.</summary>
    private async Task LetJobsIn()
    {
        foreach (var directory in (string[])[settings.Home, Attempts])
            File.SetUnixFileMode(directory, PassThrough);
        var user = users.Take("") ?? throw new InvalidOperationException("Nobody to let in.");
        using var visitor = ChildProcess.Start(new ChildCommand(
            "/bin/sh", ["sh", "-c", "cd -- \"$0\"", Attempts], ["PATH=/usr/bin:/bin"], "/", User: user));
        await visitor.Ended;
        users.Give(user);
        if (visitor.Reap().ExitCode != 0)
            throw Wrong($"Worker:WorkDirectory cannot be entered by the users of jobs, such as {user.Id}. Name one below directories "
                + "that others may pass through (chmod o+x), or set Worker:RunAs to 'self': then jobs may do what this agent may.");
    }

    private void Lock()
    {
        var file = Path.Combine(settings.Home, "lock");
        try
        {
            _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite); // who may read it could lock it
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Wrong(
                $"Another worker uses {settings.Home}, or its lock cannot be had ({refused.Message}). "
                + "Stop that worker, or give this one a Worker:WorkDirectory of its own.");
        }
    }

    private async Task RemoveOldAttempts()
    {
        if (!Directory.Exists(Attempts))
            return;
        foreach (var old in Directory.EnumerateDirectories(Attempts))
        {
            try
            {
                await DirectoryTree.Delete(old, byOthers: users.Switches);
            }
            catch (IOException refused)
            {
                log.NotRemoved(old, refused.Message);
            }
        }
    }

    private static OptionsValidationException Wrong(string sentence) =>
        new("Worker", typeof(WorkerSettings), [sentence]);
}
