namespace Fleet.Control.Platform.Reports;

/// <summary>Takes one kind of what agents say over the bus.</summary>
/// <typeparam name="T">A record of the contracts, of which nothing but its type has been looked at.</typeparam>
internal interface IAgentMessageHandler<in T>
{
    /// <summary>Returns when it is stored, or is not worth it.</summary>
    /// <param name="said">The message, whose every field is the sender's choice.</param>
    /// <param name="exchange">The exchange it came through, which says who sent it; null where there is none.</param>
    /// <param name="stop">Ends with the process: the message is delivered again then.</param>
    Task Take(T said, string? exchange, CancellationToken stop);
}
