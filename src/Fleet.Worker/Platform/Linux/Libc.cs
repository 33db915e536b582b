using System.Runtime.InteropServices;

namespace Fleet.Worker.Platform.Linux;

/// <summary>The system calls that .NET has no words for; numbers are Linux's, the same on x64 and arm64.</summary>
internal static unsafe partial class Libc
{
    internal const int ErrorInterrupted = 4;
    internal const int ErrorNotThere = 2;
    internal const int DoNotWait = 1; // WNOHANG

    private const int CallPidfdOpen = 434;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    internal static partial nint SetSignalHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    internal static partial int WaitId(int idType, int id, void* info, int options);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    internal static partial int Wait4(int process, int* status, int options, ResourceUsage* usage);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int SyncData(SafeHandle file);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    internal static partial int SetPriority(int kind, int id, int nice);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    internal static partial int GetTime(int clock, Time* time);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatX(int directory, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    internal static partial int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    internal static partial int SetLimit(int process, int kind, ulong* limit, ulong* former);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* FindUser(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    internal static partial byte* FindUser(uint id);

    [LibraryImport("libc", EntryPoint = "getgrouplist")]
    internal static partial int FindGroups(nint name, uint group, uint* groups, int* count);

    /// <summary>A file that becomes readable when the process ends; negative where the kernel has none.</summary>
    internal static int OpenProcessFile(int process) => (int)Syscall(CallPidfdOpen, process, 0);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        public int File;
        public short Events;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary><c>struct rusage</c>: what wait4 says about a process and the children it waited for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long PeakKibibytes;
        private fixed long _integrals[3];
        public long SmallPageFaults;
        private fixed long _others[9];
    }
}
