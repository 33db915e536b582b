using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Held;

/// <summary>
/// Tells agents that are on of schedules that changed: right after the change, and again while what they confirmed is something
/// else. Agents on sockets that come are told by whoever welcomes them. Those on the bus reckon with no calendar: they are told when
/// their schedules are due, and more of that long before it is over.
/// </summary>
internal sealed class HeldSchedulePush(
    HeldScheduleStore store,
    TermsReader terms,
    IAgentDirectory directory,
    IAgentChannel agents,
    Leadership leadership,
    ScheduleSettings settings,
    DatabaseClock time,
    TimeProvider clock,
    ILogger<HeldSchedulePush> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(Math.Min(30, settings.HeldRenewSeconds)), clock)
{
    /// <summary>Of each schedule: all due times within several renewals, and at least so many.</summary>
    private const int FewestDue = 100;

    private const int Renewals = 3;

    /// <summary>Times that have just passed here, and perhaps not yet by the agent's clock.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(5);

    /// <summary>Something changed about what this agent holds.</summary>
    /// <param name="agent">Null where nobody holds the schedule.</param>
    public Task Changed(string? agent, CancellationToken stop) =>
        agent is null ? Task.CompletedTask : Tell(agent, null, stop);

    protected override async Task Round(CancellationToken stop)
    {
        var drifting = await store.Drifting(stop);
        var old = await store.ConfirmedBefore(TimeSpan.FromSeconds(settings.HeldRenewSeconds), stop);
        if (drifting.Count + old.Count == 0)
            return;
        var reached = await Reached(stop);
        foreach (var agent in drifting.Union(old.Where(agent => reached.TryGetValue(agent, out var isSocket) && !isSocket)))
            await Tell(agent, reached, stop);
    }

    private async Task Tell(string agent, Dictionary<string, bool>? reached, CancellationToken stop)
    {
        try
        {
            if (!(reached ?? await Reached(stop)).TryGetValue(agent, out var isSocket))
                return;
            var rows = await store.Rows(agent, stop);
            var wanted = HeldScheduleStore.Wanted(rows);
            await agents.Tell(agent, isSocket ? wanted : WithDueTimes(wanted, rows), stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            ScheduleLog.NotTold(logger, agent, failure.Message); // the next round says it again
        }
    }

    /// <summary>Agents that are on and understand what they are told, and whether they hang on a socket.</summary>
    private async Task<Dictionary<string, bool>> Reached(CancellationToken stop) => (
        from agent in await directory.Standing(stop)
        let isSocket = AgentChannel.IsSocket(agent.Labels)
        where agent.IsOn && !agent.IsRevoked
            && (isSocket || agent.Labels.GetValueOrDefault(HoldSchedules.Label) == HoldSchedules.Word)
        select (agent.Name, isSocket)).ToDictionary();

    private HoldSchedules WithDueTimes(HoldSchedules wanted, IReadOnlyList<Schedule> rows)
    {
        var now = time.Now;
        var soon = now.AddSeconds(Renewals * settings.HeldRenewSeconds);
        return wanted with
        {
            Schedules =
            [
                .. wanted.Schedules.Zip(rows, (held, row) => held with
                {
                    Due = [.. terms.Of(row).Timetable.From(now - Lag).TakeWhile((due, number) => number < FewestDue || due < soon)],
                }),
            ],
        };
    }

    protected override void RoundFailed(Exception failure) => ScheduleLog.DriftNotSeen(logger, failure.Message);
}
