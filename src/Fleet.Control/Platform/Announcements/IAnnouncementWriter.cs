using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Announcements;

/// <summary>Stores who has to be told what, in the transaction that makes it true.</summary>
internal interface IAnnouncementWriter
{
    /// <summary>Adds nothing where nobody is told.</summary>
    void AddInserts(NpgsqlBatch batch, Unit unit);
}
