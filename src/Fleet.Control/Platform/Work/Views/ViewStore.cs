using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Work.Views;

/// <summary>The views of a caller's tenant.</summary>
internal sealed class ViewStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    public const int MostOfOneTenant = 500;

    public async Task<IReadOnlyList<SavedView>> List(Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var views = db.Set<SavedView>().AsNoTracking().Where(view => view.Tenant == caller.Tenant);
        if (page.After is { } after)
            views = views.Where(view => string.Compare(view.Name, after) > 0);
        return await views.OrderBy(view => view.Name).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<SavedView?> Find(string name, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<SavedView>().AsNoTracking()
            .SingleOrDefaultAsync(view => view.Tenant == caller.Tenant && view.Name == name, stop);
    }

    /// <exception cref="ProblemException">The tenant has one of that name, or as many as it may have.</exception>
    public async Task<SavedView> Add(FleetDbContext db, CreateView wanted, Caller caller, CancellationToken stop)
    {
        if (await db.Set<SavedView>().CountAsync(view => view.Tenant == caller.Tenant, stop) >= MostOfOneTenant)
        {
            throw new ProblemException(
                Problem.Conflict("too_many_views", $"A tenant has at most {MostOfOneTenant} views; delete one first."));
        }

        var now = clock.Now;
        var added = await db.Database.ExecuteSqlAsync(
            $"""
            insert into views (tenant, name, filter, description, changed_by, created_at, changed_at)
            values ({caller.Tenant}, {wanted.Name}, {wanted.Filter}, {wanted.Description}, {caller.Name}, {now}, {now})
            on conflict do nothing
            """,
            stop);
        return added == 1
            ? await Mine(db, wanted.Name, caller).AsNoTracking().SingleAsync(stop)
            : throw new ProblemException(
                Problem.Conflict("view_exists", "There is a view of this name; replace it with PUT."));
    }

    /// <summary>Null when there is none.</summary>
    public async Task<SavedView?> Replace(string name, ReplaceView wanted, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = clock.Now;
        await Mine(db, name, caller).ExecuteUpdateAsync(
            view => view
                .SetProperty(row => row.Filter, wanted.Filter)
                .SetProperty(row => row.Description, wanted.Description)
                .SetProperty(row => row.ChangedBy, caller.Name)
                .SetProperty(row => row.ChangedAt, now),
            stop);
        return await Find(name, caller, stop);
    }

    /// <summary>False when there is none.</summary>
    public async Task<bool> Delete(string name, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await Mine(db, name, caller).ExecuteDeleteAsync(stop) == 1;
    }

    private static IQueryable<SavedView> Mine(FleetDbContext db, string name, Caller caller) =>
        db.Set<SavedView>().Where(view => view.Tenant == caller.Tenant && view.Name == name);
}
