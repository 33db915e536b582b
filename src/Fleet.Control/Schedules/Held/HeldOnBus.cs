using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules.Held;

/// <summary>What agents on the bus say of the schedules they hold, as those on sockets do.</summary>
internal sealed class HeldOnBus(
    HeldScheduleStore store, HeldFires fires, IAgentDirectory agents, ReportSender sender, ReportAcks acks, ILogger<HeldOnBus> logger)
    : IAgentMessageHandler<SchedulesHeld>, IAgentMessageHandler<SchedulesFired>
{
    private const int MostAtOnce = 1000;

    public async Task Take(SchedulesHeld said, string? exchange, CancellationToken stop)
    {
        if (!sender.Is(exchange, said.Agent))
            return;
        try
        {
            if (await agents.IsSession(said.Agent, said.Session, stop))
                await store.Confirm(said.Agent, said.Version, said.At, stop);
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            ScheduleLog.NotHeard(logger, said.Agent, failure.Message); // it is told again, and answers
        }
    }

    public async Task Take(SchedulesFired said, string? exchange, CancellationToken stop)
    {
        try
        {
            await Record(said, exchange, stop);
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            ScheduleLog.NotHeard(logger, said.Agent, failure.Message); // it says the same until it is stored
        }
    }

    /// <summary>What the schedule does not have is not stored, and need not be said again either.</summary>
    private async Task Record(SchedulesFired said, string? exchange, CancellationToken stop)
    {
        if (!sender.Is(exchange, said.Agent) || said.Due is null or { Count: > MostAtOnce }
            || !await agents.IsSession(said.Agent, said.Session, stop))
            return;
        foreach (var due in said.Due)
        {
            if (due is null)
                continue;
            var what = WireId.TryParse(due.ScheduleId, out var schedule)
                ? await fires.Record(said.Agent, schedule, due.At, stop)
                : HeldFire.Unknown;
            if (what != HeldFire.Recorded)
                ScheduleLog.FireRefused(logger, said.Agent, what);
        }

        await acks.Tell(said.Agent, new FiresStored(said.Session, said.Due), stop);
    }
}
