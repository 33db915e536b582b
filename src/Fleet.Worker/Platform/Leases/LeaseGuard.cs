using System.Globalization;
using System.IO.Pipes;
using System.Text;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Platform.Leases;

/// <summary>
/// A tiny shell beside this process that kills the attempts' processes when this one is gone, or was stopped until the
/// lease is nearly over. It is told the groups and the time over a pipe, and finds those who left their group by the
/// mark in their environment. Used by one thread at a time.
/// </summary>
internal sealed class LeaseGuard(WorkDirectory home, JobUsers users, TimeProvider clock, ILogger<LeaseGuard> log) : IDisposable
{
    /// <summary>A line of the pipe has room for these; the others are found by their mark.</summary>
    private const int MostGroups = 400;

    /// <summary>Each line makes the shell start a new timer.</summary>
    private static readonly TimeSpan _restBetween = TimeSpan.FromSeconds(1);

    private AnonymousPipeServerStream? _pipe;
    private int _shell;
    private string? _told;
    private TimeSpan _toldLeft;
    private long _toldAt;

    /// <summary>Whether the shell kills by itself: then it also finds, by its mark, what starts now.</summary>
    public bool IsArmed => _told is not null && SinceTold < _toldLeft;

    private TimeSpan SinceTold => clock.GetElapsedTime(_toldAt);

    /// <summary>From now on the shell kills them when the time is over.</summary>
    /// <param name="left">How long the groups may live if this is never said again.</param>
    public void Keep(IReadOnlyList<ChildMark> children, TimeSpan left)
    {
        if (left <= TimeSpan.Zero)
            return; // it has done so
        var groups = string.Join(' ', children.Take(MostGroups).Select(child => child.Group));
        var isRenewed = left > _toldLeft - SinceTold + _restBetween;
        if (IsArmed && (SinceTold < _restBetween || (groups == _told && !isRenewed)))
            return;
        var seconds = Math.Max(1, (int)left.TotalSeconds);
        if (Say($"{seconds} {groups}\n"))
            (_told, _toldLeft, _toldAt) = (groups, TimeSpan.FromSeconds(seconds), clock.GetTimestamp());
    }

    /// <summary>Nothing is left that could be killed, and the ids of groups are used again.</summary>
    public void Rest()
    {
        if (_told is not null && SinceTold >= _restBetween && Say("0\n"))
            _told = null;
    }

    public void Dispose() => _pipe?.Dispose();

    /// <summary>False when it must be said again.</summary>
    private bool Say(string line)
    {
        try
        {
            _pipe ??= Start();
            if (!PipeRoom.Has(_pipe.SafePipeHandle))
                return false; // never wait here: the lease is watched by the same thread
            _pipe.Write(Encoding.ASCII.GetBytes(line));
            return true;
        }
        catch (Exception failure) when (failure is IOException or ChildStartException)
        {
            log.GuardGone(failure.Message);
            Forget();
            return false;
        }
    }

    private AnonymousPipeServerStream Start()
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        try
        {
            using var spawn = new Spawn();
            spawn.ChangeDirectory("/");
            spawn.Duplicate(pipe.ClientSafePipeHandle, 0);
            spawn.OpenForWriting(1, "/dev/null");
            spawn.OpenForWriting(2, "/dev/null");
            spawn.CloseFrom(3);
            var groups = users.Switches ? users.Groups : new IdRange(1, 0);
            string[] arguments = ["sh", "-c", LeaseGuardScript.Text, "fleet-guard", home.RunMark, $"{groups.First}", $"{groups.Last}"];
            _shell = spawn.Start("/bin/sh", arguments, ["PATH=/usr/bin:/bin"]);
            if (_shell < 0)
                throw new ChildStartException(string.Create(CultureInfo.InvariantCulture, $"error {-_shell} of posix_spawn"));
            return pipe;
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
        finally
        {
            pipe.DisposeLocalCopyOfClientHandle();
        }
    }

    private unsafe void Forget()
    {
        _pipe?.Dispose();
        _pipe = null;
        _told = null;
        if (_shell > 0)
        {
            _ = Libc.Wait4(_shell, null, Libc.DoNotWait, null);
            OwnChildren.Forget(_shell);
        }

        _toldAt = clock.GetTimestamp();
    }
}
