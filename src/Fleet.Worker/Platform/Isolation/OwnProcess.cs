using System.Globalization;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Isolation;

/// <summary>What this process may do, and what others may do to it.</summary>
internal static unsafe class OwnProcess
{
    /// <summary>CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_KILL, CAP_SETGID and CAP_SETUID.</summary>
    private const ulong ToSwitch = 1 << 0 | 1 << 1 | 1 << 5 | 1 << 6 | 1 << 7;

    private const int SetDumpable = 4; // PR_SET_DUMPABLE
    private const int SetChildSubreaper = 36; // PR_SET_CHILD_SUBREAPER
    private const int SetNoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int CoreLimit = 4; // RLIMIT_CORE
    private const int ProcessLimit = 6; // RLIMIT_NPROC

    private static readonly bool _maySwitch = (Capabilities() & ToSwitch) == ToSwitch;

    /// <summary>Whether it may start processes as other users, end them, and read what they leave.</summary>
    public static bool MaySwitchUsers => _maySwitch;

    /// <summary>
    /// Nobody of the same user reads its memory or its environment, neither from outside nor in a dump that it leaves, and no
    /// child dumps its own.
    /// </summary>
    public static void Protect()
    {
        _ = Libc.ProcessControl(SetDumpable, 0, 0, 0, 0);
        Limit(0, CoreLimit, 0);
    }

    /// <summary>Who lost its parent among the descendants becomes a child of this process instead of the host's first.</summary>
    public static void AdoptOrphans() => _ = Libc.ProcessControl(SetChildSubreaper, 1, 0, 0, 0);

    /// <summary>What this thread starts from now on gains nothing by programs that run as their owner.</summary>
    public static void ForgoPrivileges() => _ = Libc.ProcessControl(SetNoNewPrivileges, 1, 0, 0, 0);

    /// <summary>How many processes the user of this child may have; it passes to the child's children.</summary>
    public static void LimitProcesses(int child, int most) => Limit(child, ProcessLimit, (ulong)most);

    private static void Limit(int process, int kind, ulong most)
    {
        var limit = stackalloc ulong[] { most, most };
        _ = Libc.SetLimit(process, kind, limit, null);
    }

    private static ulong Capabilities()
    {
        const string Name = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(Name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
