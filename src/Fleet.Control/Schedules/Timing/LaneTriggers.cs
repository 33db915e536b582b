using Quartz;

namespace Fleet.Control.Schedules.Timing;

/// <summary>Sees to it that Quartz has a trigger for every lane.</summary>
internal sealed class LaneTriggers(ISchedulerFactory factory, DatabaseTime time)
{
    public async Task Ensure(CancellationToken stop)
    {
        var quartz = await factory.GetScheduler(stop);
        await quartz.AddJob(
            JobBuilder.Create<DueJob>().WithIdentity(Lanes.Job).StoreDurably().RequestRecovery().Build(),
            new AddJobOptions { Replace = true },
            stop);
        foreach (var lane in Lanes.All)
        {
            if (!await quartz.Exists(Lanes.TriggerOf(lane), stop))
                await quartz.ScheduleJob(TriggerOf(lane), cancellationToken: stop);
        }
    }

    /// <summary>On whole seconds, where all due times are.</summary>
    private ITrigger TriggerOf(int lane)
    {
        var now = time.GetUtcNow();
        return TriggerBuilder.Create(time)
            .WithIdentity(Lanes.TriggerOf(lane))
            .ForJob(Lanes.Job)
            .StartAt(now.AddTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond)))
            .WithSchedule(SimpleScheduleBuilder.Create()
                .WithInterval(Lanes.Interval).RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithExistingCount))
            .Build();
    }
}
