using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Audit;

/// <summary>The audit's row of a request that is under way.</summary>
internal interface IAuditNote
{
    /// <summary>
    /// Lets the row join the commit of what it tells of. Call <see cref="Committed"/> when that is through; until then it
    /// may be called again.
    /// </summary>
    void Join(UnitOfWork unit, int status, IEnumerable<Guid> objects);

    void Committed();
}
