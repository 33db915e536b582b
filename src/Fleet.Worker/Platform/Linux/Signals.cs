namespace Fleet.Worker.Platform.Linux;

/// <summary>Linux's signals on x64 and arm64.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Continue = 18;

    private const int FirstRealTime = 34;

    private static readonly string[] _names =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    public static string NameOf(int signal) => signal switch
    {
        > 0 when signal <= _names.Length => _names[signal - 1],
        >= FirstRealTime => $"SIGRTMIN+{signal - FirstRealTime}",
        _ => $"signal {signal}",
    };

    /// <summary>
    /// A parent that ignored SIGCHLD leaves that to this process, and the kernel would then collect children
    /// before anyone has asked how they ended.
    /// </summary>
    public static void ListenToChildren() => _ = Libc.SetSignalHandler(Child, 0);
}
