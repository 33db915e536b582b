using System.IO.Pipes;
using System.Runtime.InteropServices;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// A child process that leads a session and a process group of its own. Its end is seen without being collected, so
/// that its id stays taken, and what is left of its group can be killed without meeting a stranger, until
/// <see cref="Reap"/>.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private const int FirstFileToClose = 3;
    private const int WholeGroup = 1; // PRIO_PGRP

    private readonly AnonymousPipeServerStream _output;
    private readonly AnonymousPipeServerStream _error;
    private readonly ChildWatch _watch;
    private bool _reaped;

    private ChildProcess(int id, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        Id = id;
        _output = output;
        _error = error;
        _watch = new ChildWatch(id);
    }

    public int Id { get; }

    public Stream Output => _output;

    public Stream Error => _error;

    /// <summary>Completes when the process itself is over; its children may live on.</summary>
    public Task Ended => _watch.Ended;

    /// <exception cref="ChildStartException">It could not be started, and why.</exception>
    public static ChildProcess Start(ChildCommand command)
    {
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        try
        {
            return Watch(Start(command, output, error), output, error);
        }
        catch
        {
            output.Dispose();
            error.Dispose();
            throw;
        }
        finally
        {
            output.DisposeLocalCopyOfClientHandle();
            error.DisposeLocalCopyOfClientHandle();
        }
    }

    /// <summary>Signals the whole group; nothing happens when none of it is left.</summary>
    public void Signal(int signal) => _ = Libc.Kill(-Id, signal);

    /// <summary>Collects the ended process. After this its id may belong to somebody else.</summary>
    public ChildExit Reap()
    {
        _reaped = true;
        return _watch.Reap();
    }

    /// <summary>What was not brought to its end is killed.</summary>
    public void Dispose()
    {
        if (!_reaped)
            Signal(Signals.Kill);
        _output.Dispose();
        _error.Dispose();
    }

    /// <summary>No process runs that nobody watches, not even when there is no thread left to watch it.</summary>
    private static ChildProcess Watch(int id, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        try
        {
            return new ChildProcess(id, output, error);
        }
        catch
        {
            _ = Libc.Kill(-id, Signals.Kill);
            throw;
        }
    }

    private static int Start(ChildCommand command, AnonymousPipeServerStream output, AnonymousPipeServerStream error)
    {
        using var spawn = new Spawn();
        spawn.ChangeDirectory(command.Directory);
        spawn.OpenForReading(0, command.InputFile ?? "/dev/null");
        spawn.Duplicate(output.ClientSafePipeHandle, 1);
        spawn.Duplicate(error.ClientSafePipeHandle, 2);
        spawn.CloseFrom(FirstFileToClose);
        OwnProcess.ForgoPrivileges();
        var id = command.User is { } user
            ? StartAs(user, spawn, command)
            : spawn.Start(command.File, command.Args, command.Environment);
        if (id < 0)
            throw new ChildStartException(WhyNot(command, -id));
        if (command.MostProcesses > 0)
            OwnProcess.LimitProcesses(id, command.MostProcesses);
        if (command.Nice > 0)
            _ = Libc.SetPriority(WholeGroup, id, command.Nice);
        return id;
    }

    /// <summary>The tool would say in the job's own output that there is no such program.</summary>
    private static int StartAs(ChildUser user, Spawn spawn, ChildCommand command) =>
        File.Exists(Path.Combine(command.Directory, command.File))
            ? spawn.Start(SwitchUser.Tool!, SwitchUser.Arguments(user, command.File, command.Args), command.Environment)
            : -Libc.ErrorNotThere;

    private static string WhyNot(ChildCommand command, int error)
    {
        var sentence = $"The program '{command.File}' cannot be started: {Marshal.GetPInvokeErrorMessage(error)}";
        var present = File.Exists(Path.Combine(command.Directory, command.File));
        return error == Libc.ErrorNotThere && present
            ? sentence + " (the file is there, but not the interpreter it names)."
            : sentence + ".";
    }
}
