using System.Runtime.CompilerServices;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Search;
using Fleet.Protocol.Filters;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Platform.Work;

/// <summary>Reads work, as far as the caller may see it.</summary>
internal sealed class WorkStore(
    NpgsqlDataSource database, WorkKinds kinds, ArtifactQueries artifacts, WorkSearch search, DatabaseClock clock)
{
    /// <summary>Characters of specifications and results that one page is made of, but for its last piece of work.</summary>
    private const int MostTextInList = 8 * 1024 * 1024;

    private readonly WorkRowStore<AnyWork> _any = new();

    /// <summary>Of any family; null when there is none.</summary>
    public async Task<WorkRow?> Find(Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        return await _any.Read(connection, [id], stop).SingleOrDefaultAsync(stop);
    }

    /// <summary>Null when there is none of the family, or none for this caller.</summary>
    public async Task<WorkRow?> Find(IWorkFamily family, string wireId, Caller caller, CancellationToken stop) =>
        WireId.TryParse(wireId, out var id) && await Find(family, id, stop) is { } work && caller.MaySee(work.Tenant, work.Owner)
            ? work
            : null;

    /// <summary>Null when there is none of the family.</summary>
    public async Task<WorkRow?> Find(IWorkFamily family, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        return await family.Read(connection, [id], stop).SingleOrDefaultAsync(stop) is { } work && work.Family == family.Name
            ? work
            : null;
    }

    /// <summary>A page ends early where its work is large, so that no list fills the memory.</summary>
    public async Task<WorkList<object>> List(IWorkFamily family, Filter filter, Page page, Caller caller, CancellationToken stop)
    {
        var found = await search.Find(WorkChoice.Of(filter, family, caller, clock.Now), page.AfterId, page.Limit, stop);
        var rows = new List<WorkRow>();
        var next = found.Next;
        var text = 0;
        await foreach (var work in Read(family, found.Items, stop))
        {
            if (text > MostTextInList)
            {
                next = rows[^1].CorrelationId;
                break;
            }

            rows.Add(work);
            text += work.Spec.Length + (work.Result?.Length ?? 0);
        }

        return new WorkList<object>(await View(rows, stop), next is { } last ? page.CursorOf(last) : null, found.IsPartial);
    }

    /// <summary>What all of these look like, newest first, as far as they are still there.</summary>
    public async Task<IReadOnlyList<object>> List(IWorkFamily family, IReadOnlyList<WorkMatch> matches, CancellationToken stop) =>
        await View(await Read(family, matches, stop).ToListAsync(stop), stop);

    public async Task<object> View(WorkRow work, CancellationToken stop) => (await View([work], stop))[0];

    private async IAsyncEnumerable<WorkRow> Read(
        IWorkFamily family, IReadOnlyList<WorkMatch> matches, [EnumeratorCancellation] CancellationToken stop)
    {
        if (matches.Count == 0)
            yield break;
        await using var connection = await database.OpenConnectionAsync(stop);
        await foreach (var work in family.Read(connection, [.. matches.Select(match => match.Id)], stop))
            yield return work;
    }

    private async Task<IReadOnlyList<object>> View(IReadOnlyList<WorkRow> rows, CancellationToken stop)
    {
        var owners = rows.Where(work => work.HasArtifacts).Select(work => work.CorrelationId).ToArray();
        var files = owners.Length == 0 ? null : await artifacts.List(owners, stop);
        return [.. rows.Select(work => kinds.FamilyOf(work.Kind).View(
            work, (files?[work.CorrelationId] ?? []).Select(file => file.At(WorkLinks.Artifacts(work)))))];
    }
}

/// <summary>A part of a list.</summary>
/// <param name="Next">The cursor of the part that follows; null at the end.</param>
/// <param name="Partial">The time for searching was over before the page was full; <paramref name="Next"/> goes on.</param>
internal sealed record WorkList<T>(IReadOnlyList<T> Items, string? Next, bool Partial);
