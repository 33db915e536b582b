namespace Fleet.Worker.Platform.Reports;

/// <summary>The one place this agent may speak to: its own exchange, which proves who spoke.</summary>
internal interface IOutExchange
{
    /// <summary>Returns when the broker has taken the message.</summary>
    /// <param name="messageId">The same for every repetition of the same message.</param>
    Task Send(object message, Guid messageId, CancellationToken stop);
}
