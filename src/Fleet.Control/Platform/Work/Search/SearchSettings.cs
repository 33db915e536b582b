using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>What questions about work may cost: section <c>Search</c>.</summary>
public sealed class SearchSettings
{
    /// <summary>
    /// How long one request may search, in seconds. What it found by then is its answer, with a cursor to go on from.
    /// </summary>
    [Range(0.1, 300)]
    public double TimeLimitSeconds { get; set; } = 5;

    /// <summary>
    /// How long the database may look for an answer in its indexes, in seconds, before the question counts as a search.
    /// </summary>
    [Range(0.01, 10)]
    public double QuickSeconds { get; set; } = 0.3;

    /// <summary>Searches of one Control at once, each on a connection of its own; the others wait for their turn.</summary>
    [Range(1, 100)]
    public int AtOnce { get; set; } = 2;

    /// <summary>Lists of one Control at once that are answered from indexes, each on a connection of its own.</summary>
    [Range(1, 100)]
    public int ListsAtOnce { get; set; } = 4;

    /// <summary>How much of one stream is searched, in bytes.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int OutputBytes { get; set; } = 4 * 1024 * 1024;
}
