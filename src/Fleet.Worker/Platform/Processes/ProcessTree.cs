using System.Text;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// Everything that came of one process. Where it has a group of users of its own, that tells. Else it is its process group,
/// its session, its descendants, those who left all three but still carry the marks it was given in its environment, and
/// those who shed these too and were adopted by this process: as soon as they can be of no attempt that lives.
/// </summary>
internal sealed class ProcessTree : IDisposable
{
    private const int LongestPauseMilliseconds = 50;

    private readonly int _leader;
    private readonly ChildUser? _user;
    private readonly byte[][] _marks;
    private readonly ulong _born;

    /// <param name="leader">Leads a session and a group; must not have been reaped.</param>
    /// <param name="marks"><c>NAME=value</c> entries that no other attempt's environment holds together.</param>
    /// <param name="user">Whose group all of them are in; null where they run as this process.</param>
    public ProcessTree(int leader, IEnumerable<string> marks, ChildUser? user = null)
    {
        (_leader, _user) = (leader, user);
        _marks = [.. marks.Select(Encoding.UTF8.GetBytes)];
        _born = ProcessTable.Find(leader)?.Born ?? 0;
        OwnChildren.Grows(leader, _born);
    }

    /// <summary>Kills until nothing is left; processes that are being born meanwhile are found the next time.</summary>
    /// <param name="patience">Processes stuck in the kernel may outlive this.</param>
    public async Task Kill(TimeSpan patience)
    {
        _ = Libc.Kill(-_leader, Signals.Kill);
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

    public void Dispose() => OwnChildren.Ends(_leader);

    /// <summary>Whether anything of the leader's group still runs.</summary>
    public bool HasGroup() => ProcessTable.Read().Any(process => process.IsAlive && process.Group == _leader);

    private IReadOnlyCollection<int> Members() => _user is null ? FindByKinship() : ProcessTable.InGroup(_user.Group);

    private HashSet<int> FindByKinship()
    {
        var all = ProcessTable.Read();
        var alive = all.Where(process => process.IsAlive).ToList();
        var members = alive.Where(IsMember).Select(process => process.Id).ToHashSet();
        foreach (var adopted in OwnChildren.AdoptedAmong(all))
        {
            if (adopted.IsAlive && OwnChildren.CanOnlyBeOf(_leader, adopted))
                members.Add(adopted.Id);
            OwnChildren.Bury(adopted);
        }

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
        process.Id == _leader
        || process.Group == _leader
        || process.Session == _leader
        || (process.Born >= _born && _marks.Length > 0 && ProcessTable.WasStartedWith(process.Id, _marks));
}
