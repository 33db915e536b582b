using System.Collections.Concurrent;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>
/// The processes that this one has started itself. Where it adopts orphans its other children are what attempts left
/// behind: they got away from their group, their session and their parent, and may have shed their environment too.
/// </summary>
internal static unsafe class OwnChildren
{
    private static readonly ConcurrentDictionary<int, byte> _known = new();
    private static readonly ConcurrentDictionary<int, ulong> _trees = new();
    private static readonly ReaderWriterLockSlim _starting = new();
    private static volatile bool _adopts;

    /// <summary>From now on orphans become children of this process.</summary>
    public static void Adopt()
    {
        OwnProcess.AdoptOrphans();
        _adopts = true;
    }

    /// <param name="spawn">Returns the id of a new process, or a negative number.</param>
    public static int Start(Func<int> spawn)
    {
        _starting.EnterReadLock();
        try
        {
            var id = spawn();
            if (id > 0)
                _known[id] = 0;
            return id;
        }
        finally
        {
            _starting.ExitReadLock();
        }
    }

    /// <summary>It was collected.</summary>
    public static void Forget(int id) => _known.TryRemove(id, out _);

    /// <summary>From the birth of this leader on, orphans may be of its tree.</summary>
    public static void Grows(int leader, ulong born) => _trees[leader] = born;

    public static void Ends(int leader) => _trees.TryRemove(leader, out _);

    /// <summary>Of all trees that live, only this one was there when the orphan was born.</summary>
    public static bool CanOnlyBeOf(int leader, ProcessEntry adopted) =>
        _trees.TryGetValue(leader, out var born) && born <= adopted.Born
        && !_trees.Any(other => other.Key != leader && other.Value <= adopted.Born);

    /// <summary>The adopted ones among these, ended ones too.</summary>
    public static IReadOnlyList<ProcessEntry> AdoptedAmong(IEnumerable<ProcessEntry> processes)
    {
        if (!_adopts)
            return [];
        var children = processes.Where(process => process.Parent == Environment.ProcessId && !_known.ContainsKey(process.Id)).ToList();
        if (children.Count == 0)
            return [];
        _starting.EnterWriteLock(); // one that was just being started is known after this
        _starting.ExitWriteLock();
        return children.FindAll(child => !_known.ContainsKey(child.Id));
    }

    /// <summary>Collects an adopted process that has ended.</summary>
    public static void Bury(ProcessEntry adopted)
    {
        if (!adopted.IsAlive)
            _ = Libc.Wait4(adopted.Id, null, Libc.DoNotWait, null);
    }
}
