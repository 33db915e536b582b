using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// Takes what is due and unclaimed: timers go to their lifecycle in this process, the rest is what another process
/// left behind. Also deletes delivered rows while nothing else commits.
/// </summary>
internal sealed class OutboxSweep(
    NpgsqlDataSource database,
    OutboxDelivery delivery,
    DeliveredRows receipts,
    OutboxTimers timers,
    GroupCommit commits,
    WorkKinds kinds,
    OutboxLog log) : BackgroundService
{
    private const int MostAtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Sweep(stoppingToken) == MostAtOnce)
                {
                    // a full round means that more is due
                }

                if (receipts.Count > 0)
                    await commits.Run([], _ => Task.CompletedTask, stop: stoppingToken);
                await timers.Wait(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepFailed(failure.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private async Task<int> Sweep(CancellationToken stop)
    {
        var due = await TakeDue(stop);
        foreach (var row in due.Where(row => row.Destination != OutboxRow.ToLifecycle))
            delivery.Deliver(row);
        await Task.WhenAll(due.Where(row => row.Destination == OutboxRow.ToLifecycle).Select(row => FireTimer(row, stop)));
        return due.Count;
    }

    /// <summary>A timer that fails is tried again when its claim runs out.</summary>
    private async Task FireTimer(OutboxRow row, CancellationToken stop)
    {
        try
        {
            var message = (IWorkMessage)MessageNames.Read(row.MessageType, row.Body);
            await commits.Run(
                [kinds.RowOf(message.Kind, message.WorkId)], unit => unit.Raise(message, row.Token), waitsForDatabase: true, stop);
            receipts.Add([row.Id]);
        }
        catch (Exception failure)
        {
            log.Postponed(1, row.MessageType, failure.Message);
        }
    }

    private async Task<List<OutboxRow>> TakeDue(CancellationToken stop)
    {
        await using var take = OutboxSql.TakeDue(database, MostAtOnce);
        await using var reader = await take.ExecuteReaderAsync(stop);
        var due = new List<OutboxRow>();
        while (await reader.ReadAsync(stop))
        {
            due.Add(new OutboxRow
            {
                Id = reader.GetGuid(0),
                Destination = reader.GetString(1),
                MessageType = reader.GetString(2),
                Body = reader.GetString(3),
                About = reader.GetGuid(4),
                Token = reader.IsDBNull(5) ? null : reader.GetGuid(5),
                Attempts = reader.GetInt32(6),
            });
        }

        return due;
    }
}
