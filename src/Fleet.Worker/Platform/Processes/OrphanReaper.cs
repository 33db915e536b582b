using System.Text;
using Fleet.Worker.Platform.Isolation;
using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Processes;

/// <summary>Processes that outlived the worker that started them.</summary>
internal static class OrphanReaper
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Kills whatever was started with all the marks, or is in one of the groups, until nothing of it is left.</summary>
    /// <returns>How many processes were killed.</returns>
    public static async Task<int> Kill(IReadOnlyList<string> marks, IdRange? groups, TimeSpan patience)
    {
        var wanted = marks.Select(Encoding.UTF8.GetBytes).ToArray();
        var killed = new HashSet<int>();
        var giveUp = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (Find(wanted, groups) is { Count: > 0 } left && Environment.TickCount64 < giveUp)
        {
            foreach (var process in left)
            {
                _ = Libc.Kill(process, Signals.Kill);
                killed.Add(process);
            }

            await Task.Delay(_pause);
        }

        return killed.Count;
    }

    private static List<int> Find(byte[][] marks, IdRange? groups) =>
    [
        .. groups is { } theirs ? ProcessTable.InGroups(theirs) : [],
        .. from process in ProcessTable.Read()
           where process.IsAlive && process.Id != Environment.ProcessId
           where ProcessTable.WasStartedWith(process.Id, marks)
           select process.Id,
    ];
}
