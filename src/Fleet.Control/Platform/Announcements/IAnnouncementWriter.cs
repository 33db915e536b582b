using Npgsql;

namespace Fleet.Control.Platform.Announcements;

/// <summary>Stores who has to be told what, in the transaction that makes it true.</summary>
internal interface IAnnouncementWriter
{
    /// <summary>Adds nothing where nobody is told.</summary>
    /// <param name="afterCommit">Takes what is to be done once the transaction has committed.</param>
    void AddInserts(NpgsqlBatch batch, IReadOnlyCollection<Announcement> news, List<Action> afterCommit);
}
