using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Gives waiting work to free slots, in rounds: look, match, commit. A round starts when something changed; what
/// changes during a round is seen by the next one. One Control process dispatches.
/// </summary>
internal sealed class Dispatcher(
    IEnumerable<IWorkSource> sources,
    IAgentDirectory agents,
    GroupCommit commits,
    Leadership leadership,
    WorkSignal signal,
    DispatchLog log) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.Wait(LookAnyway, stoppingToken);
                if (leadership.IsMine)
                    await Round(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.RoundFailed(failure.Message);
                await Task.Delay(LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Round(CancellationToken stop)
    {
        foreach (var source in sources)
        {
            var situation = await source.Look(stop);
            if (situation.Lanes.Count == 0)
                continue;
            var slots = new FreeSlots(await agents.Ready(stop), situation.Busy);
            var waiting = new List<(WaitingWork Work, WorkLane Lane)>();
            foreach (var lane in situation.Lanes)
            {
                var room = slots.RoomFor(lane);
                if (room > 0)
                    waiting.AddRange((await source.Next(lane.Key, room, stop)).Select(work => (work, lane)));
            }

            await Assign(source, slots, waiting);
        }
    }

    private async Task Assign(IWorkSource source, FreeSlots slots, List<(WaitingWork Work, WorkLane Lane)> waiting)
    {
        var assignments = new List<Task>();
        foreach (var (work, lane) in waiting.OrderBy(item => item.Work.Rank))
        {
            if (slots.Take(lane) is not { } agent)
                continue;
            var assignment = source.Assignment(work.Id, agent.Name, agent.Session);
            assignments.Add(commits.Run([source.Touch(work.Id)], unit => unit.Raise(assignment)));
        }

        await Task.WhenAll(assignments);
    }
}
