using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>Waits for the end of a child, and brings it about when its time is over or somebody asks for it.</summary>
/// <param name="polite">The signal that asks it to end; SIGKILL follows.</param>
internal sealed class Supervisor(ChildProcess child, ProcessTree tree, TimeSpan killGrace, int polite = Signals.Terminate)
{
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the main process is over, or may be killed: the caller kills what is left.</summary>
    public async Task<Ending> Wait(TimeSpan longest, StopSignal stop)
    {
        using var over = new CancellationTokenSource();
        var timeout = Task.Delay(longest, over.Token);
        await Task.WhenAny(child.Ended, stop.Asked, timeout);
        var timedOut = timeout.IsCompletedSuccessfully;
        await over.CancelAsync();
        if (child.Ended.IsCompleted)
            return new Ending(TimedOut: false, Stopped: null);
        if (stop.Asked.IsCompleted)
        {
            var request = await stop.Asked;
            await EndPolitely(request.Grace, stop);
            return new Ending(TimedOut: false, request.Reason);
        }

        await EndPolitely(killGrace, stop);
        return new Ending(timedOut, Stopped: null);
    }

    /// <summary>
    /// The grace is for the whole group: a shell ends at once, what it runs may want to save its work.
    /// </summary>
    private async Task EndPolitely(TimeSpan grace, StopSignal stop)
    {
        child.Signal(polite);
        child.Signal(Signals.Continue); // one that sleeps cannot hear
        var enough = Task.WhenAny(stop.Hurried, Task.Delay(grace));
        await Task.WhenAny(child.Ended, enough);
        while (!enough.IsCompleted && tree.HasGroup())
            await Task.WhenAny(enough, Task.Delay(_glance));
    }
}

/// <summary>Why a child ended; neither of the two means by itself.</summary>
internal readonly record struct Ending(bool TimedOut, StopReason? Stopped);
