namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// A row that a commit loads, changes and saves. The version makes two processes that meet on the row notice:
/// the second one to save loads it again.
/// </summary>
internal interface IVersionedRow
{
    Guid CorrelationId { get; }

    int Version { get; set; }
}
