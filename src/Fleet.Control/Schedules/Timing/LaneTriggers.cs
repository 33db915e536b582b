using Quartz;

namespace Fleet.Control.Schedules.Timing;

/// <summary>Sees to it that Quartz has a trigger for every lane.</summary>
internal sealed class LaneTriggers(IServiceProvider services, DatabaseTime time)
{
    public async Task Ensure(CancellationToken stop)
    {
        var quartz = services.GetRequiredKeyedService<IScheduler>(Lanes.Scheduler);
        if (!await quartz.Exists(Lanes.Job, stop))
        {
            await quartz.AddJob(
                JobBuilder.Create<DueJob>().WithIdentity(Lanes.Job).StoreDurably().RequestRecovery().Build(),
                new AddJobOptions { Replace = true },
                stop);
        }

        foreach (var lane in Lanes.All)
        {
            if (!await quartz.Exists(Lanes.TriggerOf(lane), stop))
                await quartz.ScheduleJob(TriggerOf(lane), cancellationToken: stop);
        }
    }

    private ITrigger TriggerOf(int lane) => TriggerBuilder.Create(time)
        .WithIdentity(Lanes.TriggerOf(lane))
        .ForJob(Lanes.Job)
        .StartAt(Lanes.SecondAfter(time.GetUtcNow()))
        .WithSchedule(SimpleScheduleBuilder.Create()
            .WithInterval(Lanes.Interval).RepeatForever()
            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithExistingCount))
        .Build();
}
