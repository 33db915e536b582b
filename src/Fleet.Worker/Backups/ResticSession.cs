using System.Diagnostics;
using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Backups;

/// <summary>
/// One attempt's use of restic: its runs share credentials, environment, the time that is left, and the signal to stop. It
/// is ended with SIGINT, upon which every version removes its lock.
/// </summary>
internal sealed class ResticSession(
    AttemptContext attempt,
    BackupSpec spec,
    BackupOutput output,
    RepositoryCredentials credentials,
    ResticEnvironment environment,
    (string Path, ResticVersion Version) restic,
    WorkerSettings settings)
{
    private const int LongestLine = 64 * 1024 * 1024;
    private const int MostSaid = 50;

    private static readonly TimeSpan _killPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _drainPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _lockPause = TimeSpan.FromSeconds(2);

    private readonly long _began = Stopwatch.GetTimestamp();

    public AttemptContext Attempt => attempt;

    public BackupSpec Spec => spec;

    public BackupOutput Output => output;

    public ResticVersion Version => restic.Version;

    /// <summary>Runs in which locks that nobody held were removed.</summary>
    public int LocksRemoved { get; private set; }

    /// <summary>What the operation found out about the repository.</summary>
    public RepositoryStats Learnt { get; set; } = new();

    /// <summary>
    /// Runs it, and again where a lock was in the way: after those that nobody holds any more are removed, or somebody has
    /// finished.
    /// </summary>
    /// <param name="other">Takes each other object that it writes; without it they are in the exit.</param>
    public async Task<ResticExit> Run(IReadOnlyList<string> args, Func<JsonElement, string, Task>? other = null)
    {
        var since = Stopwatch.GetTimestamp();
        var isFreed = !spec.RemovesStaleLocks;
        while (true)
        {
            var exit = await RunOnce(args, other);
            if (exit.IsDone || exit.IsIncomplete || !exit.IsOwnEnd || exit.Failure.Code != BackupErrors.Locked)
                return exit;
            if (!isFreed)
            {
                isFreed = true;
                await output.Say("The repository is locked; locks that nobody holds any more are removed.");
                if ((await RunOnce(["unlock"])).IsDone)
                    LocksRemoved++;
            }
            else if (Stopwatch.GetElapsedTime(since).TotalSeconds > spec.LockWaitSeconds)
                return exit;
            else
                await Task.WhenAny(attempt.Stop.Asked, Task.Delay(_lockPause));
            if (attempt.Stop.Asked.IsCompleted)
                return exit with { Stopped = (await attempt.Stop.Asked).Reason };
            output.ForgetIssues();
        }
    }

    /// <summary>Runs it once; whatever it says is told.</summary>
    public Task<ResticExit> RunOnce(IReadOnlyList<string> args, Func<JsonElement, string, Task>? other = null)
    {
        var limits = new List<string>();
        if (Least(spec.UploadKibPerSecond, settings.Backups.UploadKibPerSecond) is { } up)
            limits.Add($"--limit-upload={up}");
        if (Least(spec.DownloadKibPerSecond, settings.Backups.DownloadKibPerSecond) is { } down)
            limits.Add($"--limit-download={down}");
        return Start(
            new ChildCommand(
                restic.Path, [restic.Path, "--json", .. limits, .. args], environment.Of(credentials, attempt.Key),
                attempt.Directory.Work, Nice: spec.Nice ?? settings.ChildNice),
            Remaining,
            other);
    }

    /// <summary>Runs a script beside restic, as a job of the tenant would run, unless the host lets it have the agent's rights.</summary>
    public Task<ResticExit> RunHook(string script, IReadOnlyDictionary<string, string> told, int timeoutSeconds)
    {
        var longest = TimeSpan.FromSeconds(timeoutSeconds);
        var user = settings.Backups.HooksAsAgent ? null : attempt.Directory.User;
        return Start(
            new ChildCommand(
                "/bin/sh",
                ["sh", "-c", script],
                environment.OfHook(told, attempt.Key, attempt.Directory),
                attempt.Directory.Work,
                Nice: settings.ChildNice,
                User: user,
                MostProcesses: user is null ? 0 : settings.MaxProcesses),
            Remaining is var left && left >= TimeSpan.Zero && left < longest ? left : longest,
            (json, _) => output.Say(json.GetRawText()));
    }

    private TimeSpan Remaining => attempt.Timeout < TimeSpan.Zero
        ? attempt.Timeout
        : attempt.Timeout - Stopwatch.GetElapsedTime(_began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>What restic tries in vain is ended too, and then judged by what it said.</summary>
    private async Task<Ending> Wait(Supervisor supervisor, TimeSpan longest, ResticHearing heard)
    {
        var stop = attempt.Stop.Follower();
        _ = heard.Hopeless.ContinueWith(
            _ => stop.Ask(StopReason.Cancelled, TimeSpan.FromSeconds(settings.KillGraceSeconds)), TaskScheduler.Default);
        var ending = await supervisor.Wait(longest, stop);
        return heard.Hopeless.IsCompleted && !attempt.Stop.Asked.IsCompleted ? ending with { Stopped = null } : ending;
    }

    private static int? Least(int? one, int? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private async Task<ResticExit> Start(ChildCommand command, TimeSpan longest, Func<JsonElement, string, Task>? other)
    {
        using var child = ChildProcess.Start(command);
        using var over = new CancellationTokenSource();
        using var heard = new ResticHearing(output, other, MostSaid, TimeSpan.FromSeconds(settings.Backups.PatienceSeconds));
        using var tree = new ProcessTree(child.Id, environment.MarksOf(attempt.Key), command.User);
        await output.Began(new Began(ChildMark.Of(child.Id)));
        var pumps = Task.WhenAll(
            new LineReader(child.Output, LongestLine).ReadAll(heard.Hear, over.Token),
            new LineReader(child.Error, LongestLine).ReadAll(heard.Hear, over.Token));
        var supervisor = new Supervisor(child, tree, TimeSpan.FromSeconds(settings.KillGraceSeconds), Signals.Interrupt);
        var ending = await Wait(supervisor, longest, heard);
        await tree.Kill(_killPatience);
        await child.Ended;
        over.CancelAfter(_drainPatience);
        await pumps;
        var (exit, said) = (child.Reap(), heard.Said);
        var failure = ResticFailures.Of(exit.ExitCode, exit.Signal is { } signal ? Signals.NameOf(signal) : null, said, output.Redacted);
        return new ResticExit(exit, heard.Summary, heard.Others, said, ending.Stopped, ending.TimedOut, failure);
    }
}
