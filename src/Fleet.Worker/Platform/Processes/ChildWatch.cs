using System.Runtime.InteropServices;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>Waits for one child on a small thread of its own, and keeps an eye on its memory meanwhile.</summary>
internal sealed unsafe class ChildWatch
{
    private const int SmallStack = 128 * 1024;
    private const int ById = 1; // P_PID
    private const int UntilItEndsButLeaveIt = 0x4 | 0x01000000; // WEXITED | WNOWAIT
    private const short Readable = 1; // POLLIN
    private const int LongestPauseMilliseconds = 1000;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _id;
    private readonly PeakMemory _memory;

    public ChildWatch(int id)
    {
        _id = id;
        _memory = new PeakMemory(id);
        new Thread(Watch, SmallStack) { IsBackground = true, Name = $"child {id}" }.Start();
    }

    public Task Ended => _ended.Task;

    public ChildExit Reap()
    {
        int status;
        Libc.ResourceUsage usage;
        int found;
        do
            found = Libc.Wait4(_id, &status, 0, &usage);
        while (found < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);
        OwnChildren.Forget(_id);
        if (found != _id)
            return new ChildExit(null, null, 0, null);
        var signal = status & 0x7f;
        var cpu = usage.UserSeconds + usage.SystemSeconds
            + (usage.UserMicroseconds + usage.SystemMicroseconds) / 1_000_000.0;
        return new ChildExit(
            signal == 0 ? (status >> 8) & 0xff : null,
            signal == 0 ? null : signal,
            cpu,
            _memory.Settle(usage.PeakKibibytes * 1024, usage.SmallPageFaults * Environment.SystemPageSize));
    }

    private void Watch()
    {
        WatchMemory();
        var nothing = stackalloc byte[128];
        int waited;
        do
            waited = Libc.WaitId(ById, _id, nothing, UntilItEndsButLeaveIt);
        while (waited < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);
        _ended.SetResult();
    }

    /// <summary>Looks soon after the start, then ever more rarely; returns when the process ends.</summary>
    private void WatchMemory()
    {
        var file = Libc.OpenProcessFile(_id);
        if (file < 0)
            return;
        var entry = new Libc.PollEntry { File = file, Events = Readable };
        var pause = 1;
        while (Libc.Poll(&entry, 1, pause) is var happened && happened <= 0)
        {
            if (happened < 0 && Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                break;
            _memory.Look();
            pause = Math.Min(pause * 2, LongestPauseMilliseconds);
        }

        _ = Libc.Close(file);
    }
}
