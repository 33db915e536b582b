using Fleet.Hosting;
using Npgsql;

namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// Carries rows to one destination: grouped, confirmed, and postponed with the reason when that fails.
/// </summary>
internal sealed class OutboxCourier(
    BusSender bus,
    OutboxReceipts receipts,
    OutboxTimers timers,
    NpgsqlDataSource database,
    IEnumerable<IMessageGrouping> groupings,
    OutboxLog log)
{
    /// <summary>Rows that one message may hold.</summary>
    public const int MostTogether = 500;

    private readonly Dictionary<Type, IMessageGrouping> _groupings = groupings.ToDictionary(grouping => grouping.Item);

    public async Task Carry(string destination, List<OutboxRow> rows, CancellationToken stop)
    {
        foreach (var (message, parts) in Group(rows))
        {
            try
            {
                await bus.Send(new Uri(destination), message, parts[0].Id, stop);
                receipts.Add(parts.Select(row => row.Id));
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                await Postpone(destination, parts, failure, stop);
            }
        }
    }

    private IEnumerable<(object Message, List<OutboxRow> Parts)> Group(List<OutboxRow> rows)
    {
        foreach (var kind in rows.GroupBy(row => row.MessageType).ToArray())
        {
            var messages = kind.Select(row => row.Message ?? MessageNames.Read(row.MessageType, row.Body)).ToArray();
            if (_groupings.TryGetValue(messages[0].GetType(), out var grouping))
            {
                yield return (grouping.Group(messages), [.. kind]);
                continue;
            }

            foreach (var (row, message) in kind.Zip(messages))
                yield return (message, [row]);
        }
    }

    private async Task Postpone(string destination, List<OutboxRow> rows, Exception failure, CancellationToken stop)
    {
        log.Postponed(rows.Count, destination, failure.Message);
        var pause = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Min(rows.Max(row => row.Attempts), 5))));
        try
        {
            await using var postpone = OutboxSql.Postpone(database, rows.Select(row => row.Id), pause, failure.Message);
            await postpone.ExecuteNonQueryAsync(stop);
            timers.Expect(pause);
        }
        catch (NpgsqlException)
        {
            // the claim runs out by itself, and the sweep takes the rows
        }
    }
}
