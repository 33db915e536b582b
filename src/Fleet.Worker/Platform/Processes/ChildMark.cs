using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// A process group that can be told from a later one with the same id, also by another run of this program.
/// </summary>
/// <param name="Group">The id of the group and of the process that led it.</param>
/// <param name="Born">When that process started, in clock ticks since the host did.</param>
/// <param name="Boot">Which start of the host.</param>
internal sealed record ChildMark(int Group, ulong Born, string Boot)
{
    private static readonly string _boot = ReadBoot();

    /// <summary>Null when it ended and was collected already.</summary>
    public static ChildMark? Of(int leader) =>
        ProcessTable.Find(leader) is { } process ? new ChildMark(leader, process.Born, _boot) : null;

    /// <summary>
    /// Kills what is left of the group. The kernel gives no process an id that still names a group, so when the leader
    /// is gone the group is ours or empty.
    /// </summary>
    public void Kill()
    {
        if (Boot == _boot && (ProcessTable.Find(Group) is not { } leader || leader.Born == Born))
            _ = Libc.Kill(-Group, Signals.Kill);
    }

    private static string ReadBoot() =>
        System.Text.Encoding.ASCII.GetString(ProcFile.Read("/proc/sys/kernel/random/boot_id")).Trim();
}
