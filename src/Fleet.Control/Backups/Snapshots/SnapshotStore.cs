using System.Globalization;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>Snapshots of a tenant's repositories.</summary>
internal sealed class SnapshotStore(IDbContextFactory<FleetDbContext> contexts)
{
    private const int ShortestBeginning = 8;

    /// <summary>By its id, or a beginning that only one has; null when there is none.</summary>
    /// <param name="repository">Null for any of the tenant's.</param>
    public async Task<Snapshot?> Find(string idOrBeginning, string tenant, Guid? repository, CancellationToken stop)
    {
        if (idOrBeginning.Length < ShortestBeginning || !idOrBeginning.All(char.IsAsciiHexDigitLower))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = await db.Set<Snapshot>().AsNoTracking()
            .Where(snapshot => snapshot.Tenant == tenant && snapshot.Id.StartsWith(idOrBeginning)
                && (repository == null || snapshot.RepositoryId == repository))
            .Take(2).ToListAsync(stop);
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>The newest of a source group; null while it has none.</summary>
    public async Task<Snapshot?> Newest(SourceGroup group, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Snapshot>().AsNoTracking()
            .Where(snapshot => snapshot.RepositoryId == group.RepositoryId && snapshot.Tags.Contains(group.Name))
            .OrderByDescending(snapshot => snapshot.Time).FirstOrDefaultAsync(stop);
    }

    /// <summary>Newest first.</summary>
    public async Task<PageOf<SnapshotView>> List(SnapshotFilter filter, string tenant, Page page, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Snapshot>().AsNoTracking().Where(snapshot => snapshot.Tenant == tenant);
        if (filter.Repository is { } repository)
            found = found.Where(snapshot => snapshot.RepositoryId == repository);
        if (filter.Agent is { } agent)
            found = found.Where(snapshot => snapshot.Agent == agent);
        if (filter.Tag is { } tag)
            found = found.Where(snapshot => snapshot.Tags.Contains(tag));
        if (After(page) is var (time, id))
            found = found.Where(snapshot => snapshot.Time < time || (snapshot.Time == time && snapshot.Id.CompareTo(id) < 0));
        var rows = await found.OrderByDescending(snapshot => snapshot.Time).ThenByDescending(snapshot => snapshot.Id)
            .Take(page.Limit + 1).ToListAsync(stop);
        return page.Cut(rows, row => $"{row.Time.UtcTicks}/{row.Id}", SnapshotView.Of);
    }

    private static (DateTimeOffset Time, string Id)? After(Page page)
    {
        if (page.After is not { } text)
            return null;
        var slash = text.IndexOf('/');
        return slash > 0 && long.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), text[(slash + 1)..])
            : throw Page.WrongCursor();
    }
}

/// <summary>Which snapshots are wanted; null means any.</summary>
internal sealed record SnapshotFilter(Guid? Repository, string? Agent, string? Tag);
