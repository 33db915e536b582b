using Fleet.Control.Platform.Agents;
using Fleet.Hosting;
using Npgsql;

namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// Publishes rows to one destination: grouped, confirmed, and postponed with the reason when that fails.
/// </summary>
internal sealed class OutboxPublisher(
    BusSender bus,
    IAgentChannel agents,
    DeliveredRows receipts,
    OutboxTimers timers,
    NpgsqlDataSource database,
    IEnumerable<IMessageGrouping> groupings,
    OutboxLog log)
{
    /// <summary>Rows that one message may hold.</summary>
    public const int MostTogether = 500;

    /// <summary>Characters of JSON that leave together; the broker takes 16 MiB.</summary>
    private const int MostText = 4 * 1024 * 1024;

    private readonly Dictionary<Type, IMessageGrouping> _groupings = groupings.ToDictionary(grouping => grouping.Item);

    public async Task PublishAll(string destination, List<OutboxRow> rows, CancellationToken stop)
    {
        foreach (var (message, parts) in Group(await Read(destination, rows, stop)))
        {
            try
            {
                await Send(destination, message, parts[0].Id, stop);
                receipts.Add(parts.Select(row => row.Id));
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                await Postpone(destination, parts, failure, stop);
            }
        }
    }

    private Task Send(string destination, object message, Guid id, CancellationToken stop) =>
        AgentChannel.AgentOf(destination) is { } agent
            ? agents.Send(agent, message, id, stop)
            : bus.Send(new Uri(destination), message, id, stop);

    /// <summary>A row that cannot be read waits like one that cannot be delivered, and holds up no other.</summary>
    private async Task<List<(OutboxRow Row, object Message)>> Read(
        string destination, List<OutboxRow> rows, CancellationToken stop)
    {
        var read = new List<(OutboxRow, object)>(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                read.Add((row, row.Message ?? MessageNames.Read(row.MessageType, row.Body)));
            }
            catch (Exception failure)
            {
                await Postpone(destination, [row], failure, stop);
            }
        }

        return read;
    }

    /// <summary>Only neighbours leave together: whoever is told to stop work must not hear it before the work.</summary>
    private IEnumerable<(object Message, List<OutboxRow> Parts)> Group(List<(OutboxRow Row, object Message)> rows)
    {
        for (var (first, next) = (0, 0); first < rows.Count; first = next)
        {
            var type = rows[first].Message.GetType();
            next = first + 1;
            if (!_groupings.TryGetValue(type, out var grouping))
            {
                yield return (rows[first].Message, [rows[first].Row]);
                continue;
            }

            var text = rows[first].Row.Body.Length;
            while (next < rows.Count
                && rows[next].Message.GetType() == type
                && (text += rows[next].Row.Body.Length) <= MostText)
            {
                next++;
            }

            var parts = rows[first..next];
            yield return (grouping.Group(parts.Select(part => part.Message)), parts.ConvertAll(part => part.Row));
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
