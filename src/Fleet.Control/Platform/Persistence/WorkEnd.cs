using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>A piece of work reached its end.</summary>
/// <param name="State">The lifecycle's name of it: <c>Succeeded</c>.</param>
/// <param name="Wire">What it came by, see <c>WorkWires</c>; null for the native API.</param>
internal readonly record struct WorkEnd(Guid Work, string State, string? Wire);

/// <summary>
/// Keeps account of work that it had started: it is written in the transaction in which the work ends, so that neither is
/// true without the other.
/// </summary>
internal interface IWorkEndWriter
{
    /// <summary>Adds nothing where none of the work is its own.</summary>
    void AddUpdates(NpgsqlBatch batch, IReadOnlyCollection<WorkEnd> ends, DateTimeOffset now);
}
