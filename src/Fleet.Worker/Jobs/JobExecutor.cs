using System.Threading.Channels;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Jobs;

/// <summary>Runs a command as a child process and yields what happens. Knows nothing of the bus.</summary>
internal sealed class JobExecutor(AttemptEnvironment environment, ArtifactUploader artifacts, WorkerSettings settings)
{
    private static readonly TimeSpan _killPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _drainPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Runs the attempt; it does not run faster than its events are taken, and never outlives the last.
    /// </summary>
    public IAsyncEnumerable<AttemptEvent> Run(AttemptOrder order)
    {
        var events = Channel.CreateBounded<AttemptEvent>(1);
        _ = Task.Run(() => Perform(order, events.Writer));
        return events.Reader.ReadAllAsync();
    }

    private async Task Perform(AttemptOrder order, ChannelWriter<AttemptEvent> events)
    {
        try
        {
            await events.WriteAsync(new Ended(await Result(order, events)));
            events.Complete();
        }
        catch (Exception failure)
        {
            events.Complete(failure);
        }
    }

    private async Task<AttemptResult> Result(AttemptOrder order, ChannelWriter<AttemptEvent> events)
    {
        if (order.Stop.Asked.IsCompleted)
            return AttemptResults.StoppedBefore((await order.Stop.Asked).Reason);
        ChildProcess child;
        try
        {
            var variables = environment.Of(order.Command, order.Key, order.Directory);
            var command = CommandLine.Of(order.Command, order.Directory, variables) with { Nice = settings.ChildNice };
            child = ChildProcess.Start(command);
        }
        catch (ChildStartException wrong)
        {
            return AttemptResults.NotStarted(wrong.Message);
        }

        var (exit, ending) = await RunToEnd(child, order, events);
        return await Gather(order, exit, ending);
    }

    private async Task<(ChildExit Exit, Ending Ending)> RunToEnd(
        ChildProcess child, AttemptOrder order, ChannelWriter<AttemptEvent> events)
    {
        using var owned = child;
        using var over = new CancellationTokenSource();
        var tree = new ProcessTree(child.Id, environment.MarksOf(order.Key));
        await events.WriteAsync(new Began(ChildMark.Of(child.Id)));
        var pumps = Task.WhenAll(
            new OutputPump(child.Output, new OutputFilter("stdout", takesProgress: true), events).Run(over.Token),
            new OutputPump(child.Error, new OutputFilter("stderr", takesProgress: false), events).Run(over.Token));
        var supervisor = new Supervisor(child, tree, TimeSpan.FromSeconds(settings.KillGraceSeconds));
        var ending = await supervisor.Wait(order.TimeoutSeconds, order.Stop);
        await tree.Kill(_killPatience);
        await child.Ended;
        over.CancelAfter(_drainPatience);
        await pumps;
        return (child.Reap(), ending);
    }

    private async Task<AttemptResult> Gather(AttemptOrder order, ChildExit exit, Ending ending)
    {
        var result = AttemptResults.Of(exit);
        if (ending.TimedOut)
            result = result.TimedOut(order.TimeoutSeconds ?? 0);
        else if (ending.Stopped is { } reason)
            result = result.Stopped(reason);
        var file = ResultFile.Read(order.Directory.ResultFile, settings.MaxResultBytes);
        result = (result with { ResultJson = file.Json }).AlsoFailedBy(file.Failure);
        return ending.Stopped is StopReason.AgentStopping or StopReason.LeaseLost ? result : await Keep(order, result);
    }

    /// <summary>Uploads the artifacts. Who asked for the end of the job does not wait for a second try.</summary>
    private async Task<AttemptResult> Keep(AttemptOrder order, AttemptResult result)
    {
        using var stop = new CancellationTokenSource();
        var isCancelled = result.Outcome == AttemptOutcome.Cancelled;
        var patience = isCancelled ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.ArtifactPatienceSeconds);
        var upload = artifacts.Upload(order.Key, order.Directory.Artifacts, patience, stop.Token);
        if (isCancelled || await Task.WhenAny(upload, order.Stop.Asked) == upload)
            return result.AlsoFailedBy(await upload);
        await stop.CancelAsync();
        await Task.WhenAny(upload); // however that ends
        return result.Stopped((await order.Stop.Asked).Reason);
    }
}
