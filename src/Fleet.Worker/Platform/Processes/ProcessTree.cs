using System.Text;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// Everything that came of one process: its group, its session, its descendants, and those who left all three but
/// still carry the marks it was given in its environment.
/// </summary>
/// <param name="leader">Leads a session and a group; must not have been reaped.</param>
/// <param name="marks"><c>NAME=value</c> entries that no other attempt's environment holds together.</param>
internal sealed class ProcessTree(int leader, IEnumerable<string> marks)
{
    private const int LongestPauseMilliseconds = 50;

    private readonly byte[][] _marks = [.. marks.Select(Encoding.UTF8.GetBytes)];
    private readonly ulong _born = ProcessTable.Find(leader)?.Born ?? 0;

    /// <summary>Kills until nothing is left; processes that are being born meanwhile are found the next time.</summary>
    /// <param name="patience">Processes stuck in the kernel may outlive this.</param>
    public async Task Kill(TimeSpan patience)
    {
        _ = Libc.Kill(-leader, Signals.Kill);
        var giveUp = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        for (var pause = 1; Members() is { Count: > 0 } members; pause = Math.Min(pause * 2, LongestPauseMilliseconds))
        {
            foreach (var member in members)
                _ = Libc.Kill(member, Signals.Kill);
            if (Environment.TickCount64 > giveUp)
                return;
            await Task.Delay(pause);
        }
    }

    /// <summary>Whether anything of the leader's group still runs.</summary>
    public bool HasGroup() => ProcessTable.Read().Any(process => process.IsAlive && process.Group == leader);

    private HashSet<int> Members()
    {
        var alive = ProcessTable.Read().Where(process => process.IsAlive).ToList();
        var members = alive.Where(IsMember).Select(process => process.Id).ToHashSet();
        int before;
        do
        {
            before = members.Count;
            members.UnionWith(alive.Where(child => members.Contains(child.Parent)).Select(child => child.Id));
        }
        while (members.Count > before);
        return members;
    }

    private bool IsMember(ProcessEntry process) =>
        process.Id == leader
        || process.Group == leader
        || process.Session == leader
        || (process.Born >= _born && _marks.Length > 0 && ProcessTable.WasStartedWith(process.Id, _marks));
}
