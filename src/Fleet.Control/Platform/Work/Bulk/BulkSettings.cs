using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>How bulk work goes on beside everything else: section <c>Bulk</c>.</summary>
public sealed class BulkSettings
{
    /// <summary>How much work is changed in one transaction.</summary>
    [Range(1, 1000)]
    public int BatchJobs { get; set; } = 50;

    /// <summary>
    /// How long the pause behind each batch is, as a multiple of what the batch took: with 1, bulk work takes half of the
    /// time that it could.
    /// </summary>
    [Range(0, 100)]
    public double PauseFactor { get; set; } = 1;

    /// <summary>How long the accounts of finished bulk work are kept, in days.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 90;
}
