using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// The database's time, as every Control process tells it: the own clock, corrected by the difference measured every
/// half minute.
/// </summary>
internal sealed class DatabaseClock(NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private long _aheadTicks;

    public DateTimeOffset Now => clock.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Measure(stoppingToken);
            }
            catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
            {
                // the last difference holds until the database answers again
            }

            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Measure(CancellationToken stop)
    {
        await using var ask = database.CreateCommand("select clock_timestamp()");
        var before = clock.GetUtcNow();
        await using var reader = await ask.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var there = reader.GetFieldValue<DateTimeOffset>(0);
        var after = clock.GetUtcNow();
        Interlocked.Exchange(ref _aheadTicks, (there - before - ((after - before) / 2)).Ticks);
    }
}
