using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Commands;

/// <summary>A command as a child process, from its start to its artifacts, for every kind of work that is one.</summary>
internal sealed class CommandProcess(
    CommandEnvironment environment, AttemptCgroups cgroups, ArtifactUploader artifacts, WorkerSettings settings)
{
    private static readonly TimeSpan _killPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _drainPatience = TimeSpan.FromMilliseconds(100);

    /// <param name="limits">What it may take of the host beyond the host's own limits.</param>
    /// <param name="takesMetrics">Whether lines of its output may be metrics.</param>
    public async Task<AttemptResult> Perform(
        CommandSpec command, AttemptContext attempt, ChannelWriter<AttemptEvent> events, AttemptLimits limits = default,
        bool takesMetrics = false)
    {
        using var cgroup = cgroups.Make(attempt.Key, limits);
        ChildProcess child;
        try
        {
            var variables = environment.Of(command, attempt.Key, attempt.Directory);
            child = ChildProcess.Start(
                CommandLine.Of(command, attempt.Directory, variables) with
                {
                    Nice = settings.ChildNice,
                    User = attempt.Directory.User,
                    MostProcesses = attempt.Directory.User is null ? 0 : settings.MaxProcesses,
                });
        }
        catch (ChildStartException wrong)
        {
            return AttemptResults.NotStarted(wrong.Message);
        }

        cgroup?.Add(child.Id);
        var (exit, ending) = await RunToEnd(child, cgroup, attempt, events, takesMetrics);
        return await Gather(attempt, exit, ending);
    }

    private async Task<(ChildExit Exit, Ending Ending)> RunToEnd(
        ChildProcess child, AttemptCgroup? cgroup, AttemptContext attempt, ChannelWriter<AttemptEvent> events, bool takesMetrics)
    {
        using var owned = child;
        using var over = new CancellationTokenSource();
        using var tree = new ProcessTree(child.Id, environment.MarksOf(attempt.Key), attempt.Directory.User);
        await events.WriteAsync(new Began(ChildMark.Of(child.Id)));
        var pumps = Task.WhenAll(
            new OutputPump(child.Output, new OutputFilter("stdout", takesProgress: true, takesMetrics), events).Run(over.Token),
            new OutputPump(child.Error, new OutputFilter("stderr", takesProgress: false), events).Run(over.Token));
        var supervisor = new Supervisor(child, tree, TimeSpan.FromSeconds(settings.KillGraceSeconds));
        var ending = await supervisor.Wait(attempt.Timeout, attempt.Stop);
        cgroup?.Kill();
        await tree.Kill(_killPatience);
        await child.Ended;
        over.CancelAfter(_drainPatience);
        await pumps;
        return (child.Reap(), ending);
    }

    private async Task<AttemptResult> Gather(AttemptContext attempt, ChildExit exit, Ending ending)
    {
        var result = CommandResults.Of(exit);
        if (ending.TimedOut)
            result = result.TimedOut(attempt.TimeoutSeconds ?? 0);
        else if (ending.Stopped is { } reason)
            result = result.Stopped(reason);
        var file = ResultFile.Read(attempt.Directory, settings.MaxResultBytes);
        result = (result with { ResultJson = file.Json }).AlsoFailedBy(file.Failure);
        return ending.Stopped is StopReason.AgentStopping or StopReason.LeaseLost ? result : await Keep(attempt, result);
    }

    /// <summary>Uploads the artifacts. Who asked for the end of the attempt does not wait for a second try.</summary>
    private async Task<AttemptResult> Keep(AttemptContext attempt, AttemptResult result)
    {
        using var stop = new CancellationTokenSource();
        var isCancelled = result.Outcome == AttemptOutcome.Cancelled;
        var patience = isCancelled ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.ArtifactPatienceSeconds);
        var upload = artifacts.Upload(attempt.Key, attempt.Directory, patience, stop.Token);
        if (isCancelled || await Task.WhenAny(upload, attempt.Stop.Asked) == upload)
            return result.AlsoFailedBy(await upload);
        await stop.CancelAsync();
        await Task.WhenAny(upload); // however that ends
        return result.Stopped((await attempt.Stop.Asked).Reason);
    }
}
