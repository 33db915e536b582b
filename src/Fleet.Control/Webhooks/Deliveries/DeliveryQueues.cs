using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>A queue that this process has for itself.</summary>
/// <param name="Claim">Whoever takes the queue over makes another, and with this one nothing can be stored any more.</param>
internal sealed record ClaimedQueue(Guid EndpointId, Guid About, string Target, Guid Claim)
{
    public bool IsJobs => EndpointId == Guid.Empty;
}

/// <summary>What is next in a queue.</summary>
/// <param name="Url">Null when the endpoint is gone.</param>
internal sealed record NextDelivery(WebhookDelivery Delivery, string? Url, bool Enabled, string[] Secrets);

/// <summary>The queues in the database: who has which, and what comes next in them.</summary>
internal sealed class DeliveryQueues(NpgsqlDataSource database, WebhookSettings settings)
{
    private TimeSpan ClaimTime => TimeSpan.FromSeconds(settings.ClaimSeconds);

    /// <param name="rooms">How many calls receivers may get yet, of those that get any at this moment.</param>
    public async Task<List<ClaimedQueue>> Claim(
        int most, IReadOnlyCollection<(string Target, int Room)> rooms, CancellationToken stop)
    {
        var mark = Guid.NewGuid();
        return await database.Query(
            DeliverySql.Claim,
            row => new ClaimedQueue(row.GetGuid(0), row.GetGuid(1), row.GetString(2), mark),
            stop,
            SqlValue.Of(mark),
            SqlValue.Of(ClaimTime),
            SqlValue.Of(most),
            SqlValue.Column(rooms.Select(known => known.Target)),
            SqlValue.Column(rooms.Select(known => known.Room)),
            SqlValue.Of(settings.AtOnceToOne));
    }

    public Task Release(ClaimedQueue queue, CancellationToken stop) =>
        database.Execute(DeliverySql.Release, stop, Ours(queue));

    /// <summary>Null when the queue is done, or somebody else has it.</summary>
    public async Task<NextDelivery?> Next(ClaimedQueue queue, CancellationToken stop)
    {
        await using var next = database.CreateCommand(DeliverySql.Next, [.. Ours(queue), SqlValue.Of(ClaimTime)]);
        await using var reader = await next.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        var delivery = new WebhookDelivery
        {
            Id = reader.GetGuid(0),
            EventId = reader.GetGuid(1),
            EndpointId = queue.EndpointId,
            About = queue.About,
            Type = reader.GetString(2),
            OccurredAt = reader.GetFieldValue<DateTimeOffset>(3),
            Data = reader.GetString(4),
            ArtifactsAt = Text(reader, 5),
            Attempts = reader.GetInt32(6),
            InlineArtifacts = reader.GetBoolean(11),
        };
        string?[] secrets = queue.IsJobs ? [settings.StateSecret] : [Text(reader, 9), Text(reader, 10)];
        return new NextDelivery(
            delivery, Text(reader, 7), queue.IsJobs || reader.GetBoolean(8), [.. secrets.OfType<string>().Where(text => text != "")]);
    }

    /// <summary>What is stored here is stored only as long as the queue is ours.</summary>
    public async Task Postpone(ClaimedQueue queue, Guid delivery, CallRecord call, TimeSpan pause, CancellationToken stop)
    {
        await using var postpone = database.CreateBatch();
        postpone.BatchCommands.Add(Attempt(DeliverySql.Postpone, queue, delivery, SqlValue.Of(pause), call));
        await postpone.ExecuteNonQueryAsync(stop);
    }

    /// <param name="state"><see cref="DeliverySql.Delivered"/> or <see cref="DeliverySql.Dead"/>.</param>
    public async Task Settle(ClaimedQueue queue, Guid delivery, CallRecord call, string state, CancellationToken stop)
    {
        await using var settle = database.CreateBatch();
        settle.BatchCommands.Add(Attempt(DeliverySql.Settle, queue, delivery, SqlValue.Of(state), call));
        settle.Add(DeliverySql.DropLane, Ours(queue));
        await settle.ExecuteNonQueryAsync(stop);
    }

    /// <summary>False when it was disabled before.</summary>
    public async Task<bool> Disable(Guid endpoint, string reason, CancellationToken stop) => await database.Execute(
        "update webhook_endpoints set enabled = false, disabled_reason = $2, updated_at = now() where id = $1 and enabled",
        stop,
        SqlValue.Of(endpoint), SqlValue.Of(reason)) == 1;

    private static NpgsqlBatchCommand Attempt(
        string sql, ClaimedQueue queue, Guid delivery, NpgsqlParameter what, CallRecord call) => SqlValue.BatchCommand(
        sql,
        [
            .. Ours(queue),
            SqlValue.Of(delivery),
            what,
            SqlValue.Of(call.Url),
            SqlValue.Of(call.Headers),
            SqlValue.Of(call.Outcome.Status),
            SqlValue.Of(call.Outcome.Answer),
            SqlValue.Of(call.Outcome.Error),
            SqlValue.Of((int)call.Outcome.Took.TotalMilliseconds),
        ]);

    /// <summary>The first parameters of whatever needs the queue to be ours.</summary>
    private static NpgsqlParameter[] Ours(ClaimedQueue queue) =>
        [SqlValue.Of(queue.EndpointId), SqlValue.Of(queue.About), SqlValue.Of(queue.Claim)];

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>A call as the log of deliveries shows it.</summary>
/// <param name="Headers">A JSON object of strings.</param>
internal sealed record CallRecord(string? Url, string? Headers, CallOutcome Outcome);
