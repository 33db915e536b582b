using Fleet.Control.Platform.Persistence;
using Npgsql;
using Quartz;

namespace Fleet.Control.Schedules.Timing;

/// <summary>Quartz, clustered over the database that everything else is in, on the database's clock.</summary>
internal static class TimingModule
{
    private const int Threads = 4;

    public static void AddTiming(this IServiceCollection services, ScheduleSettings settings)
    {
        var time = new DatabaseTime();
        services.AddSingleton(provider =>
        {
            time.Clock = provider.GetRequiredService<DatabaseClock>();
            return time;
        });
        services.AddSingleton<LaneStore>();
        services.AddSingleton<LaneTriggers>();
        services.AddQuartz(Lanes.Scheduler, quartz => quartz // with a name, it alone goes by the clock it is given
            .ConfigureScheduler(scheduler => scheduler.MaxBatchSize = Lanes.Count)
            .UseTimeProvider(time)
            .UseDefaultThreadPool(Threads)
            .UsePersistentStore(store => Configure(store, settings)));
        services.AddQuartzHostedService(Lanes.Scheduler, host =>
        {
            host.WaitForJobsToComplete = true;
            host.AwaitApplicationStarted = false; // what is due need not wait for the doors
        });
        services.AddHostedService<DueWatch>();
    }

    private static void Configure(IPersistentStoreBuilder store, ScheduleSettings settings)
    {
        store.UsePostgres(source => source.DataSourceFactory = services => services.GetRequiredService<NpgsqlDataSource>());
        store.UseClustering(cluster =>
        {
            cluster.CheckinInterval = TimeSpan.FromSeconds(settings.CheckInSeconds);
            cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(settings.CheckInToleranceSeconds);
        });
        store.ConfigureStore(options =>
        {
            options.MisfireThreshold = TimeSpan.FromSeconds(settings.StuckAfterSeconds);
            options.DbRetryInterval = TimeSpan.FromSeconds(1);
        });
    }
}
