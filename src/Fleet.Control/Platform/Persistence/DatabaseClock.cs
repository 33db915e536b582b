using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// The database's time, as every Control process tells it: asked for at the start and every half minute, and carried on by
/// the time that passed since. The own clock may be set forward or back without anybody noticing here.
/// </summary>
internal sealed class DatabaseClock(NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private volatile Measured? _last;

    /// <summary>By the own clock as long as the database was never asked.</summary>
    public DateTimeOffset Now => _last is { } last ? last.At + clock.GetElapsedTime(last.Timestamp) : clock.GetUtcNow();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryMeasure(cancellationToken); // who starts later knows the time
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                await TryMeasure(stoppingToken);
        }
    }

    private async Task TryMeasure(CancellationToken stop)
    {
        try
        {
            await Measure(stop);
        }
        catch (Exception failure) when (DatabaseFailure.IsOutage(failure))
        {
            // the last time holds until the database answers again
        }
    }

    private async Task Measure(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var ask = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = clock.GetTimestamp();
        await using var reader = await ask.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var there = reader.GetFieldValue<DateTimeOffset>(0);
        var after = clock.GetTimestamp();
        _last = new Measured(there + (clock.GetElapsedTime(before, after) / 2), after);
    }

    private sealed record Measured(DateTimeOffset At, long Timestamp);
}
