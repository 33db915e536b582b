namespace Fleet.Control.Queues;

/// <summary>A queue of the broker. Rates are those of its last seconds; null where it counts none.</summary>
/// <param name="Type"><c>quorum</c>, <c>classic</c> or <c>stream</c>.</param>
/// <param name="Ready">Messages that wait.</param>
/// <param name="Unacknowledged">Messages that somebody has in hand.</param>
/// <param name="Bytes">Of the contents of all of them.</param>
/// <param name="PublishRate">Messages a second that come.</param>
/// <param name="DeliverRate">Messages a second that go out.</param>
/// <param name="AckRate">Messages a second that are done with.</param>
internal sealed record QueueView(
    string Name,
    string? Type,
    string? State,
    int Consumers,
    long Ready,
    long Unacknowledged,
    long? Bytes,
    double? PublishRate,
    double? DeliverRate,
    double? AckRate);
