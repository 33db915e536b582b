using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.DomainEvents;

/// <summary>Announces from transactions that are no unit's.</summary>
internal sealed class DomainEventWriters(IEnumerable<IDomainEventWriter> writers)
{
    /// <summary>Writes what becomes owed into the context's transaction.</summary>
    /// <returns>What is to be done once that has committed.</returns>
    public async Task<Action> Owe(FleetDbContext db, IReadOnlyCollection<DomainEvent> news, CancellationToken stop)
    {
        var afterCommit = new List<Action>();
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        foreach (var writer in writers)
            writer.AddInserts(batch, news, afterCommit);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(stop);
        return () => afterCommit.ForEach(act => act());
    }
}
