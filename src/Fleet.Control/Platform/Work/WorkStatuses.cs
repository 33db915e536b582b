using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Search;
using Npgsql;

namespace Fleet.Control.Platform.Work;

/// <summary>What work is like now, for slices that take it in and show it in the words of other wires.</summary>
internal sealed class WorkStatuses(
    WorkStore work, WorkKinds kinds, WorkSearch search, QueueQueries queue, NpgsqlDataSource database, DatabaseClock clock)
{
    private readonly WorkRowStore<AnyWork> _rows = new();

    /// <summary>Null when there is none.</summary>
    public async Task<WorkStatus?> Find(Guid id, CancellationToken stop) =>
        await work.Find(id, stop) is { } found ? WorkStatus.Of(found) : null;

    /// <summary>Null when there is none of the same family as this kind.</summary>
    public async Task<WorkStatus?> FindAkin(Guid id, string kind, CancellationToken stop) =>
        await Find(id, stop) is { } found && kinds.Find(found.Kind)?.Family == kinds.Find(kind)?.Family ? found : null;

    /// <summary>What the caller may see of one kind, newest first, without results.</summary>
    public async Task<PageOf<WorkStatus>> List(string kind, Page page, Caller caller, CancellationToken stop)
    {
        var wanted = WorkChoice.Of(WorkFilter.Is(WorkFields.Kind, kind), kinds.FamilyOf(kind), caller, clock.Now);
        var found = await search.Find(wanted, page.AfterId, page.Limit, stop);
        await using var connection = await database.OpenConnectionAsync(stop);
        var items = await _rows.Read(connection, [.. found.Items.Select(match => match.Id)], stop)
            .Select(row => WorkStatus.Of(row) with { ResultJson = null }).ToListAsync(stop);
        return new PageOf<WorkStatus>(items, found.Next is { } next ? page.CursorOf(next) : null);
    }

    /// <summary>Its place among what waits, from 1; null when it does not wait, or very many come first.</summary>
    public async Task<long?> Place(Guid id, CancellationToken stop) =>
        await work.Find(id, stop) is { State: WorkStates.Queued, Ready: true } waiting ? await queue.Position(waiting, stop) : null;
}
