using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Quartz;

namespace Fleet.Bench.Schedules;

/// <summary>
/// Quartz alone, clustered in the same PostgreSQL: one trigger for each schedule, and a job that only notes how late it is.
/// Runs as a process of its own, so that what it costs can be told apart.
/// </summary>
internal static class BareQuartz
{
    public const string Command = "bare-quartz";

    /// <summary>Also how many triggers it takes at once, which may not be more.</summary>
    private const int Threads = 20;

    /// <summary>
    /// Reads the connection string, which holds a password, and the time of the first trigger; says when all triggers are
    /// stored; and when its input ends, every fire.
    /// </summary>
    public static async Task<int> Run(int count)
    {
        var connection = (await Console.In.ReadLineAsync())!;
        var zero = DateTimeOffset.Parse((await Console.In.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await using var database = NpgsqlDataSource.Create(connection);
        var scheduler = await Build(database);
        var job = JobBuilder.Create<Note>().WithIdentity("note").StoreDurably().Build();
        var triggers = Enumerable.Range(0, count)
            .Select(number => Trigger(number, zero.AddSeconds(Minute.PhaseOf(number, count)))).ToList();
        await scheduler.ScheduleJobs(new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [job] = triggers });
        await scheduler.Start();
        await Console.Out.WriteLineAsync("ready");
        await Console.In.ReadToEndAsync();
        foreach (var fire in Note.Fires)
        {
            await Console.Out.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{fire.Of} {fire.DueMs} {fire.LatenessMs}"));
        }

        await scheduler.Shutdown();
        return 0;
    }

    private static ValueTask<IScheduler> Build(NpgsqlDataSource database) => QuartzSchedulerBuilder.Create(quartz => quartz
        .ConfigureScheduler(scheduler => scheduler.MaxBatchSize = Threads)
        .UseDefaultThreadPool(Threads)
        .UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.DataSourceFactory = _ => database);
            store.UseClustering();
            store.ProvisionSchema();
        })).BuildScheduler();

    private static ITrigger Trigger(int number, DateTimeOffset first) => TriggerBuilder.Create()
        .WithIdentity(number.ToString(CultureInfo.InvariantCulture))
        .StartAt(first)
        .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(TimeSpan.FromSeconds(Minute.Seconds)).RepeatForever())
        .Build();

    private sealed class Note : IJob
    {
        public static readonly ConcurrentQueue<Fire> Fires = new();

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var due = context.ScheduledFireTimeUtc!.Value;
            var late = (DateTimeOffset.UtcNow - due).TotalMilliseconds;
            Fires.Enqueue(new Fire(context.Trigger.Key.Name, due.ToUnixTimeMilliseconds(), late));
            return ValueTask.CompletedTask;
        }
    }
}
