namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// A message that a committed transaction wants delivered, now or at a time. A row with a time is a timer; deleting
/// the row takes it back.
/// </summary>
internal sealed class OutboxRow
{
    /// <summary>Also the message id, the same in every repetition.</summary>
    public Guid Id { get; set; }

    /// <summary>An <c>exchange:</c> address, an agent's (<see cref="Agents.AgentChannel"/>), or <see cref="ToLifecycle"/>.</summary>
    public string Destination { get; set; } = "";

    /// <summary>Name of the message's type, as <see cref="MessageNames"/> knows it.</summary>
    public string MessageType { get; set; } = "";

    /// <summary>The message as JSON.</summary>
    public string Body { get; set; } = "";

    /// <summary>The row whose lifecycle sent it.</summary>
    public Guid About { get; set; }

    /// <summary>
    /// Identifies a timer, so that it can be taken back; a lifecycle refuses a token it no longer holds.
    /// </summary>
    public Guid? Token { get; set; }

    /// <summary>Not before this time of the database.</summary>
    public DateTimeOffset DeliverAt { get; set; }

    /// <summary>Until then one process is delivering it; afterwards any process may.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    public int Attempts { get; set; }

    public string? LastError { get; set; }

    /// <summary>Raised in this process, through the lifecycle it belongs to, without the broker.</summary>
    public const string ToLifecycle = "lifecycle";

    /// <summary>How long after now it is due; the database adds its own now. Not stored.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The message itself, while it is in memory. Not stored.</summary>
    public object? Message { get; init; }

    public bool IsTimer => Token is not null;
}
