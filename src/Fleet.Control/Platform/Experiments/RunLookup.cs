using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Platform.Experiments;

/// <summary>
/// Finds runs, and jobs of other kinds, by what clients call them: an id, the latest of a commit, or the latest of a name.
/// </summary>
internal sealed class RunLookup(NpgsqlDataSource database, WorkStore store, WorkKinds kinds)
{
    private IWorkFamily Family => kinds.FamilyOf(ExperimentSpec.Kind);

    /// <summary>Null when there is none, or none for this caller.</summary>
    public async Task<WorkRow?> FindRun(string called, Caller caller, CancellationToken stop) =>
        await Find(called, caller, stop) is { Kind: ExperimentSpec.Kind } run ? run : null;

    /// <summary>Of any kind of job; null when there is none, or none for this caller.</summary>
    public async Task<WorkRow?> Find(string called, Caller caller, CancellationToken stop)
    {
        if (WireId.TryParse(called, out _) && await store.Find(Family, called, caller, stop) is { } byId)
            return byId;
        var id = CommitId.TryRead(called, out var commit) ? await LatestOf(caller.Tenant, commit, stop) : null;
        id ??= await Named(caller.Tenant, called, stop);
        return id is { } found && await store.Find(Family, found, stop) is { } work && caller.MaySee(work.Tenant, work.Owner)
            ? work
            : null;
    }

    /// <summary>Of the commit; null when none was ever submitted, or is there any more.</summary>
    public async Task<Guid?> LatestOf(string tenant, string commit, CancellationToken stop) => (Guid?)await database.Scalar(
        $"""
        select id from {WorkTables.Facts} where kind = 'experiment' and tenant = $1 and spec ->> 'commit' = $2
        order by id desc limit 1
        """,
        stop, SqlValue.Of(tenant), SqlValue.Of(commit));

    private async Task<Guid?> Named(string tenant, string name, CancellationToken stop) => (Guid?)await database.Scalar(
        $"""
        select id from {WorkTables.Facts}
        where family = $1 and tenant = $2 and name = $3 and owner is null order by id desc limit 1
        """,
        stop, SqlValue.Of(Family.Name), SqlValue.Of(tenant), SqlValue.Of(name));
}
