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
    /// <summary>Characters of specifications and results that one page is made of, but for its last job.</summary>
    private const int MostTextInList = 8 * 1024 * 1024;

    /// <summary>Null when there is none, or none for this caller.</summary>
    public async Task<Job?> Find(string wireId, Caller caller, CancellationToken stop) =>
        WireId.TryParse(wireId, out var id) && await Find(id, stop) is { } job && caller.MaySee(job.Tenant) ? job : null;

    public async Task<Job?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.CorrelationId == id, stop);
    }

    /// <summary>A page ends early where its jobs are large, so that no list fills the memory.</summary>
    public Task<PageOf<JobView>> List(JobQuery query, Page page, Caller caller, CancellationToken stop) =>
        List(jobs => query.Apply(jobs, caller, page.AfterId), page, stop);

    /// <summary>What waits in these lanes, newest first.</summary>
    public Task<PageOf<JobView>> ListQueued(string[] lanes, Page page, Caller caller, CancellationToken stop) => List(
        jobs => JobQuery.Waiting.Apply(jobs, caller, page.AfterId).Where(job => lanes.Contains(job.Lane)), page, stop);

    /// <summary>Every demand of what waits, whether it may start already or not.</summary>
    public async Task<IReadOnlyList<string>> QueuedLanes(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Database.SqlQueryRaw<string>(JobQueue.AllLanes).ToListAsync(stop);
    }

    private async Task<PageOf<JobView>> List(
        Func<IQueryable<Job>, IQueryable<Job>> which, Page page, CancellationToken stop)
    {
        var jobs = new List<Job>();
        var text = 0;
        await using (var db = await contexts.CreateDbContextAsync(stop))
        {
            var wanted = which(db.Set<Job>().AsNoTracking()).Take(page.Limit + 1);
            await foreach (var job in wanted.AsAsyncEnumerable().WithCancellation(stop))
            {
                jobs.Add(job);
                if (text > MostTextInList)
                {
                    page = page with { Limit = jobs.Count - 1 };
                    break;
                }

                text += job.Spec.Length + (job.Result?.Length ?? 0);
            }
        }

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
