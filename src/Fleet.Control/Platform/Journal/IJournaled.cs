namespace Fleet.Control.Platform.Journal;

/// <summary>A row whose history is a journal stream. Its version guards the numbering.</summary>
internal interface IJournaled
{
    Guid CorrelationId { get; }

    /// <summary>Number of the last entry, 0 before the first.</summary>
    long JournalSeq { get; set; }
}
