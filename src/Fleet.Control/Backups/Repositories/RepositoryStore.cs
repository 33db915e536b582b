using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Secrets;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.Repositories;

/// <summary>Repositories, as far as the caller may see them.</summary>
internal sealed class RepositoryStore(IDbContextFactory<FleetDbContext> contexts, SecretBox box, DatabaseClock clock)
{
    /// <summary>By id or by name; null when there is none, or none of this tenant.</summary>
    public async Task<Repository?> Find(string idOrName, string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var all = db.Set<Repository>().AsNoTracking().Where(repository => repository.Tenant == tenant);
        return WireId.TryParse(idOrName, out var id) && await all.SingleOrDefaultAsync(one => one.Id == id, stop) is { } found
            ? found
            : await all.SingleOrDefaultAsync(one => one.Name == idOrName, stop);
    }

    /// <summary>By id, whosever it is; null when there is none.</summary>
    public async Task<Repository?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Repository>().AsNoTracking().SingleOrDefaultAsync(repository => repository.Id == id, stop);
    }

    public async Task<PageOf<RepositoryView>> List(Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Repository>().AsNoTracking().Where(repository => repository.Tenant == caller.Tenant);
        if (page.AfterId is { } after)
            found = found.Where(repository => repository.Id < after);
        var rows = await found.OrderByDescending(repository => repository.Id).Take(page.Limit + 1).ToListAsync(stop);
        return page.Cut(rows, row => row.Id, RepositoryView.Of);
    }

    /// <exception cref="ProblemException">The name is taken.</exception>
    public async Task<Repository> Add(FleetDbContext db, RepositoryRequest wanted, Caller caller, CancellationToken stop)
    {
        await MustBeFree(db, wanted.Name, caller.Tenant, stop);
        var everyday = new RepositoryCredentials(wanted.Url, wanted.Password, Filled(wanted.Env));
        var secrets = new RepositorySecrets(everyday, wanted.Admin is { } admin ? Slot(everyday, admin) : null);
        var row = new Repository
        {
            Id = WireId.New(),
            Tenant = caller.Tenant,
            Name = wanted.Name,
            Agent = wanted.Agent,
            UploadKibPerSecond = wanted.UploadKibPerSecond,
            DownloadKibPerSecond = wanted.DownloadKibPerSecond,
            Nice = wanted.Nice,
            CreatedAt = clock.Now,
            CreatedBy = caller.Name,
        };
        Keep(row, secrets);
        db.Add(row);
        await db.SaveChangesAsync(stop);
        return row;
    }

    /// <summary>What is left out stays.</summary>
    /// <exception cref="ProblemException">The name is taken, or the secrets cannot be read.</exception>
    public async Task<Repository?> Change(Guid id, RepositoryChange wanted, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        if (await db.Set<Repository>().SingleOrDefaultAsync(repository => repository.Id == id, stop) is not { } row)
            return null;
        if (wanted.Name is { } name && name != row.Name)
        {
            await MustBeFree(db, name, row.Tenant, stop);
            row.Name = name;
        }

        row.Agent = wanted.Agent ?? row.Agent;
        row.UploadKibPerSecond = wanted.UploadKibPerSecond ?? row.UploadKibPerSecond;
        row.DownloadKibPerSecond = wanted.DownloadKibPerSecond ?? row.DownloadKibPerSecond;
        row.Nice = wanted.Nice ?? row.Nice;
        var before = Open(row);
        var everyday = new RepositoryCredentials(
            wanted.Url ?? before.Everyday.Url, wanted.Password ?? before.Everyday.Password,
            wanted.Env is { } env ? Filled(env) : before.Everyday.Env);
        var admin = wanted.Admin is { } slot ? Slot(before.Admin ?? everyday, slot) : before.Admin;
        Keep(row, new RepositorySecrets(everyday, admin));
        await db.SaveChangesAsync(stop);
        return row;
    }

    /// <exception cref="ProblemException">They were sealed with another key.</exception>
    public RepositorySecrets Open(Repository row) => RepositorySecrets.Open(box, row) ?? throw new ProblemException(Problem.Unavailable(
        "secrets_unreadable", "The secrets of this repository were sealed with another key than that of Secrets:KeyFile."));

    /// <summary>Forgets it; what is in it stays.</summary>
    public async Task Remove(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var all = await db.Database.BeginTransactionAsync(stop);
        await db.Set<Snapshots.Snapshot>().Where(snapshot => snapshot.RepositoryId == id).ExecuteDeleteAsync(stop);
        await db.Set<RepositorySize>().Where(size => size.RepositoryId == id).ExecuteDeleteAsync(stop);
        await db.Set<BackupStatus>().Where(status => status.RepositoryId == id).ExecuteDeleteAsync(stop);
        await db.Set<Repository>().Where(repository => repository.Id == id).ExecuteDeleteAsync(stop);
        await all.CommitAsync(stop);
    }

    /// <summary>Oldest first, the latest of them.</summary>
    public async Task<List<RepositorySizeView>> Growth(Guid id, DateTimeOffset? since, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = await db.Set<RepositorySize>().AsNoTracking()
            .Where(size => size.RepositoryId == id && (since == null || size.At >= since))
            .OrderByDescending(size => size.At).Take(most).ToListAsync(stop);
        rows.Reverse();
        return rows.ConvertAll(row => new RepositorySizeView(
            row.At, row.TotalSizeBytes, row.RawSizeBytes, RepositoryStatsView.Ratio(row.TotalSizeBytes, row.RawSizeBytes),
            row.SnapshotCount));
    }

    private static RepositoryCredentials Slot(RepositoryCredentials other, AdminSlotRequest slot) => new(
        slot.Url ?? other.Url, slot.Password ?? other.Password, slot.Env is { } env ? Filled(env) : other.Env);

    private static Dictionary<string, string> Filled(Dictionary<string, string?>? env) =>
        (env ?? []).ToDictionary(variable => variable.Key, variable => variable.Value!);

    private static async Task MustBeFree(FleetDbContext db, string name, string tenant, CancellationToken stop)
    {
        if (await db.Set<Repository>().AnyAsync(one => one.Tenant == tenant && one.Name == name, stop))
            throw new ProblemException(Problem.Conflict("name_taken", $"There is a repository of the name {name} already."));
    }

    private void Keep(Repository row, RepositorySecrets secrets)
    {
        row.Url = RepositoryUrl.Shown(secrets.Everyday.Url);
        row.HasAdmin = secrets.Admin is not null;
        row.Secrets = secrets.Seal(box, row.Id);
        row.UpdatedAt = clock.Now;
    }
}
