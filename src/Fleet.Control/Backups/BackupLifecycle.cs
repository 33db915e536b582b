using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Work;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Protocol.Ids;
using MassTransit;

namespace Fleet.Control.Backups;

/// <summary>
/// What can happen to all work. The agent that gets an attempt gets a ticket for the credentials with it; how the latest
/// operations of a source group and of a repository ended is kept, for alerts.
/// </summary>
internal sealed class BackupLifecycle(LeaseSettings leases, RepositoryTickets tickets) : WorkLifecycle<Backup>(leases)
{
    public override Task Accepted(Backup work, UnitOfWork unit)
    {
        var spec = SpecJson.Read<BackupSpec>(work.Spec);
        work.RepositoryId = WireId.TryParse(spec.RepositoryId, out var repository) ? repository : Guid.Empty;
        work.RepositoryName = spec.RepositoryName;
        work.SnapshotId = spec.Restore?.SnapshotId;
        if (spec.Source is { } source && WireId.TryParse(source.GroupId, out var group))
            (work.SourceGroupId, work.SourceGroupName) = (group, source.GroupName);
        return Task.CompletedTask;
    }

    public override ValueTask<RunAttempt> Complete(RunAttempt order, Backup work, UnitOfWork unit)
    {
        var spec = SpecJson.Read<BackupSpec>(work.Spec);
        var terms = new TicketTerms(work.RepositoryId, spec.RequiresAdminCreds, work.Agent!, work.CorrelationId, work.Attempt);
        return ValueTask.FromResult(order with { SpecJson = SpecJson.Write(spec with { Ticket = tickets.Issue(terms) }) });
    }

    public override async Task Ends(Backup work, State state, UnitOfWork unit)
    {
        if (BackupNotes.ReadResult(work.Result) is { } result)
        {
            work.SnapshotId = result.SnapshotId ?? work.SnapshotId;
            work.IssueCount = result.IssueCount;
        }

        var isDrill = work.Kind == BackupKinds.Restore && SpecJson.Read<BackupSpec>(work.Spec).Restore?.Drill is not null;
        if (isDrill || work.Kind is BackupKinds.Backup or BackupKinds.Forget or BackupKinds.Prune or BackupKinds.Check)
            await BackupStatusSql.Record(unit, work, state.Name, isDrill ? BackupStatus.Drill : work.Kind);
    }
}
