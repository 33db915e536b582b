using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Audit;

/// <summary>What is kept of who wrote what: section <c>Audit</c>.</summary>
public sealed class AuditSettings
{
    /// <summary>Rows are kept for so many days.</summary>
    [Range(1, 36_500)]
    public double KeepDays { get; set; } = 400;

    /// <summary>
    /// Refused writes without valid credentials of one address in a minute that have rows of their own; of the others
    /// there is one row with their number. All addresses together have twenty times as many.
    /// </summary>
    [Range(1, 100_000)]
    public int RefusalsPerMinute { get; set; } = 60;
}
