using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Changes;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Fleet.Control.Platform.Persistence.Commits;

/// <summary>
/// Makes one unit in two halves: loads what its members touch and applies them in order; then writes everything in one
/// transaction.
/// </summary>
internal sealed class CommitWriter(
    IDbContextFactory<FleetDbContext> contexts,
    IEnumerable<IRowStore> stores,
    ILifecycles lifecycles,
    DeliveredRows receipts,
    Placement placement,
    IEnumerable<IDomainEventWriter> eventWriters,
    IEnumerable<IWorkEndWriter> endWriters,
    DatabaseClock clock)
{
    private readonly Dictionary<Type, IRowStore> _stores = stores.ToDictionary(store => store.Row);

    /// <exception cref="MemberFailedException">The work of one member threw.</exception>
    public async Task<PreparedUnit> Prepare(IReadOnlyList<CommitMember> members, CancellationToken stop)
    {
        var db = await contexts.CreateDbContextAsync(stop);
        try
        {
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            db.Database.AutoSavepointsEnabled = false; // what fails is done again from the start
            var transaction = await db.Database.BeginTransactionAsync(stop);
            var unit = new UnitOfWork(db, lifecycles, clock.Now);
            var prepared = new PreparedUnit(unit, transaction, placement);
            try
            {
                await Load(unit, members, stop);
                foreach (var member in members)
                    await Apply(unit, member);
                await placement.Place(unit);
                return prepared;
            }
            catch
            {
                await prepared.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the unit is committed. Whatever is thrown, nothing was saved, as far as anybody knows.</summary>
    public async Task Save(PreparedUnit prepared, CancellationToken stop)
    {
        await Save(prepared.Unit, stop);
        await Commit(prepared.Unit, prepared.Transaction, stop);
        prepared.IsCommitted = true;
    }

    /// <summary>What members gave to the context themselves.</summary>
    private static async Task Save(UnitOfWork unit, CancellationToken stop)
    {
        unit.Db.ChangeTracker.DetectChanges();
        if (unit.Db.ChangeTracker.HasChanges())
            await unit.Db.SaveChangesAsync(stop);
    }

    private async Task Commit(UnitOfWork unit, IDbContextTransaction transaction, CancellationToken stop)
    {
        var delivered = receipts.Take();
        try
        {
            await WriteRest(unit, delivered, (NpgsqlConnection)unit.Db.Database.GetDbConnection(), stop);
            await transaction.CommitAsync(stop);
        }
        catch
        {
            receipts.PutBack(delivered);
            throw;
        }
    }

    private async Task Load(UnitOfWork unit, IReadOnlyList<CommitMember> members, CancellationToken stop)
    {
        foreach (var type in members.SelectMany(member => member.Rows).Distinct().GroupBy(row => row.Row))
        {
            foreach (var row in type)
                unit.Attach(row.Row, row.Id, null);
            var ids = type.Where(row => !row.IsNew).Select(row => row.Id).ToArray();
            if (ids.Length == 0)
                continue;
            foreach (var row in await _stores[type.Key].Load(unit.Db, ids, stop))
                unit.Attach(type.Key, row.CorrelationId, row);
        }
    }

    private static async Task Apply(UnitOfWork unit, CommitMember member)
    {
        try
        {
            await member.Work(unit);
        }
        catch (Exception failure)
        {
            throw new MemberFailedException(member, failure);
        }
    }

    private async Task WriteRest(
        UnitOfWork unit, IReadOnlyCollection<Guid> delivered, NpgsqlConnection connection, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        var saves = new RowSaves(batch);
        foreach (var store in _stores.Values)
            store.AddSaves(saves, unit);
        JournalSql.AddInserts(batch, unit.Entries); // ends are told with the last words
        if (unit.WorkEnds.Count > 0)
        {
            foreach (var writer in endWriters)
                writer.AddUpdates(batch, unit.WorkEnds, unit.Now);
        }

        ChangeSql.AddInserts(batch, unit);
        AuditSql.AddInserts(batch, unit.Audits);
        OutboxSql.AddInserts(batch, unit.Sends);
        OutboxSql.AddDeletes(batch, delivered, unit.Unscheduled);
        foreach (var writer in eventWriters)
            writer.AddInserts(batch, unit.DomainEvents, unit.AfterCommit);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(stop);
        saves.Check();
    }
}

/// <summary>One member's own work threw: the others are innocent.</summary>
internal sealed class MemberFailedException(CommitMember member, Exception reason) : Exception(reason.Message, reason)
{
    public CommitMember Member => member;
}
