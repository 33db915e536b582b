using System.Runtime.InteropServices;

namespace Fleet.Chaos.Target;

/// <summary>The fleet's processes, by their names.</summary>
internal sealed partial class Processes(FleetHome home, ProcessNames names)
{
    private const int Kill9 = 9;
    private const int Quit = 3;
    private const int Stop = 19;
    private const int Continue = 18;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    public ProcessNames Names { get; } = names;

    public bool IsAlive(string name) => File.Exists(home.In("run", $"{name}.pid")) && ProcFile.IsAlive(home.Pid(name));

    /// <summary>Ends it as the kernel would. Returns when it is gone.</summary>
    public Task Kill(string name) => EndBy(name, Kill9);

    /// <summary>PostgreSQL's immediate mode: it ends without a checkpoint and recovers from its log.</summary>
    public Task QuitPostgres() => EndBy("postgres", Quit);

    public void Freeze(string name) => Signal(home.Pid(name), Stop);

    public void Thaw(string name) => Signal(home.Pid(name), Continue);

    private async Task EndBy(string name, int signal)
    {
        var pid = home.Pid(name);
        if (!ProcFile.IsAlive(pid))
            return;
        Signal(pid, signal);
        while (ProcFile.IsAlive(pid))
            await Task.Delay(Glance);
    }

    private static void Signal(int pid, int signal) => _ = SendSignal(pid, signal); // who is gone already needs none

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
