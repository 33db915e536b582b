using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>Reads jobs, as far as the caller may see them.</summary>
internal sealed class JobShelf(IDbContextFactory<FleetDbContext> contexts, ArtifactShelf artifacts)
{
    /// <summary>Null when there is none, or none for this caller.</summary>
    public async Task<Job?> Find(string wireId, Caller caller, CancellationToken stop) =>
        WireId.TryParse(wireId, out var id) && await Find(id, stop) is { } job && caller.MaySee(job.Tenant) ? job : null;

    public async Task<Job?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.CorrelationId == id, stop);
    }

    public async Task<PageOf<JobView>> List(JobQuery query, Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var jobs = await query.Apply(db.Set<Job>().AsNoTracking(), caller, page.AfterId).Take(page.Limit + 1).ToListAsync(stop);
        var views = (await View(jobs, stop)).ToDictionary(view => view.JobId);
        return page.Cut(jobs, job => job.CorrelationId, job => views[job.CorrelationId]);
    }

    public async Task<JobView> View(Job job, CancellationToken stop) => (await View([job], stop))[0];

    private async Task<IReadOnlyList<JobView>> View(IReadOnlyList<Job> jobs, CancellationToken stop)
    {
        var owners = jobs.Where(job => job.HasArtifacts).Select(job => job.CorrelationId).ToArray();
        var files = owners.Length == 0 ? null : await artifacts.List(owners, stop);
        return [.. jobs.Select(job => JobView.Of(
            job, (files?[job.CorrelationId] ?? []).Select(file => file.At(JobLinks.Artifacts(job.CorrelationId)))))];
    }
}
