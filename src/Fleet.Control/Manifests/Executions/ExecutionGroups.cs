using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Executions, for those who started them and know no more than their ids.</summary>
internal sealed class ExecutionGroups(IDbContextFactory<FleetDbContext> contexts) : IGroupedWork
{
    public RowRef RowOf(Guid group) => RowRef.Of<Execution>(group);

    public async Task Cancel(UnitOfWork unit, Guid group, string by)
    {
        if (await unit.Find<Execution>(group) is not { } execution)
            return;
        await ExecutionOperations.Abort(unit, execution, $"cancelled by {by}", endRunning: true);
        unit.Change(execution);
    }

    public async Task<IReadOnlyDictionary<Guid, GroupState>> States(IReadOnlyCollection<Guid> groups, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Execution>().AsNoTracking().Where(execution => groups.Contains(execution.CorrelationId))
            .ToDictionaryAsync(execution => execution.CorrelationId, execution => new GroupState(execution.State, EndOf(execution)), stop);
    }

    /// <summary>It succeeded where no agent failed and some succeeded.</summary>
    private static string? EndOf(Execution execution) =>
        !ExecutionStates.IsOver(execution.State) || execution.Open > 0 ? null
        : execution.State == ExecutionStates.Aborted || execution.Succeeded + execution.Failed == 0 ? "cancelled"
        : execution.Failed > 0 ? "failed"
        : "succeeded";
}
