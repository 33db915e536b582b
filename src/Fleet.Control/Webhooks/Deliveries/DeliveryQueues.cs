using Npgsql;
using NpgsqlTypes;

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
        await using var claim = Command(
            DeliverySql.Claim, mark, ClaimTime, most, rooms.Select(known => known.Target).ToArray(),
            rooms.Select(known => known.Room).ToArray(), settings.AtOnceToOne);
        await using var reader = await claim.ExecuteReaderAsync(stop);
        var queues = new List<ClaimedQueue>();
        while (await reader.ReadAsync(stop))
            queues.Add(new ClaimedQueue(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), mark));
        return queues;
    }

    public async Task Release(ClaimedQueue queue, CancellationToken stop)
    {
        await using var release = Command(DeliverySql.Release, queue.EndpointId, queue.About, queue.Claim);
        await release.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Null when the queue is done, or somebody else has it.</summary>
    public async Task<NextDelivery?> Next(ClaimedQueue queue, CancellationToken stop)
    {
        await using var next = Command(DeliverySql.Next, queue.EndpointId, queue.About, queue.Claim, ClaimTime);
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
        postpone.BatchCommands.Add(Attempt(DeliverySql.Postpone, queue, delivery, pause, call));
        await postpone.ExecuteNonQueryAsync(stop);
    }

    /// <param name="state"><see cref="DeliverySql.Delivered"/> or <see cref="DeliverySql.Dead"/>.</param>
    public async Task Settle(ClaimedQueue queue, Guid delivery, CallRecord call, string state, CancellationToken stop)
    {
        await using var settle = database.CreateBatch();
        settle.BatchCommands.Add(Attempt(DeliverySql.Settle, queue, delivery, state, call));
        settle.BatchCommands.Add(BatchCommand(DeliverySql.DropLane, queue.EndpointId, queue.About, queue.Claim));
        await settle.ExecuteNonQueryAsync(stop);
    }

    /// <summary>False when it was disabled before.</summary>
    public async Task<bool> Disable(Guid endpoint, string reason, CancellationToken stop)
    {
        await using var disable = Command(
            "update webhook_endpoints set enabled = false, disabled_reason = $2, updated_at = now() where id = $1 and enabled",
            endpoint, reason);
        return await disable.ExecuteNonQueryAsync(stop) == 1;
    }

    private static NpgsqlBatchCommand Attempt(string sql, ClaimedQueue queue, Guid delivery, object what, CallRecord call)
    {
        var command = BatchCommand(sql, queue.EndpointId, queue.About, queue.Claim, delivery, what);
        command.Parameters.Add(Nullable(NpgsqlDbType.Text, call.Url));
        command.Parameters.Add(Nullable(NpgsqlDbType.Text, call.Headers));
        command.Parameters.Add(Nullable(NpgsqlDbType.Integer, call.Outcome.Status));
        command.Parameters.Add(Nullable(NpgsqlDbType.Text, call.Outcome.Answer));
        command.Parameters.Add(Nullable(NpgsqlDbType.Text, call.Outcome.Error));
        command.Parameters.Add(Nullable(NpgsqlDbType.Integer, (int)call.Outcome.Took.TotalMilliseconds));
        return command;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static NpgsqlBatchCommand BatchCommand(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static NpgsqlParameter Nullable(NpgsqlDbType type, object? value) =>
        new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>A call as the log of deliveries shows it.</summary>
/// <param name="Headers">A JSON object of strings.</param>
internal sealed record CallRecord(string? Url, string? Headers, CallOutcome Outcome);
