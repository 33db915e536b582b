using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.SourceGroups;

/// <summary>Source groups of a tenant.</summary>
internal sealed class SourceGroupStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    /// <summary>By id or by name; null when there is none, or none of this tenant.</summary>
    public async Task<SourceGroup?> Find(string idOrName, string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var all = db.Set<SourceGroup>().AsNoTracking().Where(group => group.Tenant == tenant);
        return WireId.TryParse(idOrName, out var id) && await all.SingleOrDefaultAsync(one => one.Id == id, stop) is { } found
            ? found
            : await all.SingleOrDefaultAsync(one => one.Name == idOrName, stop);
    }

    /// <summary>Those that are backed up to a repository, oldest first.</summary>
    public async Task<List<SourceGroup>> Of(Guid repository, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<SourceGroup>().AsNoTracking()
            .Where(group => group.RepositoryId == repository).OrderBy(group => group.Id).ToListAsync(stop);
    }

    /// <param name="agent">Null for those of all agents.</param>
    public async Task<PageOf<SourceGroupView>> List(Page page, string? agent, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<SourceGroup>().AsNoTracking().Where(group => group.Tenant == caller.Tenant);
        if (agent is not null)
            found = found.Where(group => group.Agent == agent);
        if (page.AfterId is { } after)
            found = found.Where(group => group.Id < after);
        var rows = await found.OrderByDescending(group => group.Id).Take(page.Limit + 1).ToListAsync(stop);
        var views = await View(db, rows, stop);
        return page.Cut(views, view => view.SourceGroupId, view => view);
    }

    public async Task<SourceGroupView> View(SourceGroup row, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return (await View(db, [row], stop))[0];
    }

    /// <exception cref="ProblemException">The name is taken.</exception>
    public async Task<SourceGroupView> Add(
        FleetDbContext db, SourceGroupRequest wanted, Repository repository, Caller caller, CancellationToken stop)
    {
        var row = new SourceGroup { Id = WireId.New(), Tenant = caller.Tenant, CreatedAt = clock.Now, CreatedBy = caller.Name };
        await Fill(db, row, wanted, repository, stop);
        db.Add(row);
        await db.SaveChangesAsync(stop);
        return SourceGroupView.Of(row, repository.Name, good: null, clock.Now);
    }

    /// <exception cref="ProblemException">The name is taken.</exception>
    public async Task<SourceGroupView?> Replace(Guid id, SourceGroupRequest wanted, Repository repository, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        if (await db.Set<SourceGroup>().SingleOrDefaultAsync(group => group.Id == id, stop) is not { } row)
            return null;
        await Fill(db, row, wanted, repository, stop);
        await db.SaveChangesAsync(stop);
        return (await View(db, [row], stop))[0];
    }

    /// <summary>Its snapshots stay.</summary>
    public async Task Remove(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Set<BackupStatus>().Where(status => status.SourceGroupId == id).ExecuteDeleteAsync(stop);
        await db.Set<SourceGroup>().Where(group => group.Id == id).ExecuteDeleteAsync(stop);
    }

    private async Task Fill(
        FleetDbContext db, SourceGroup row, SourceGroupRequest wanted, Repository repository, CancellationToken stop)
    {
        if (wanted.Name != row.Name
            && await db.Set<SourceGroup>().AnyAsync(one => one.Tenant == row.Tenant && one.Name == wanted.Name, stop))
            throw new ProblemException(Problem.Conflict("name_taken", $"There is a source group of the name {wanted.Name} already."));
        row.Name = wanted.Name;
        row.Agent = wanted.Agent;
        row.RepositoryId = repository.Id;
        row.Terms = SourceGroupTerms.Of(wanted).ToJson();
        row.NewestWithinS = wanted.NewestWithinS;
        row.UpdatedAt = clock.Now;
    }

    private async Task<List<SourceGroupView>> View(FleetDbContext db, List<SourceGroup> rows, CancellationToken stop)
    {
        var repositories = rows.ConvertAll(row => row.RepositoryId);
        var names = await db.Set<Repository>().AsNoTracking().Where(repository => repositories.Contains(repository.Id))
            .ToDictionaryAsync(repository => repository.Id, repository => repository.Name, stop);
        var ids = rows.ConvertAll(row => row.Id);
        var good = await db.Set<BackupStatus>().AsNoTracking()
            .Where(status => ids.Contains(status.SourceGroupId) && status.Subject == BackupKinds.Backup)
            .ToDictionaryAsync(status => status.SourceGroupId, status => status.SucceededAt, stop);
        return rows.ConvertAll(row => SourceGroupView.Of(
            row, names.GetValueOrDefault(row.RepositoryId, ""), good.GetValueOrDefault(row.Id), clock.Now));
    }
}
