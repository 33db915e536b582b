using System.Runtime.CompilerServices;
using Fleet.Control.Jobs.Search;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>Reads jobs, as far as the caller may see them.</summary>
internal sealed class JobShelf(
    IDbContextFactory<FleetDbContext> contexts, ArtifactShelf artifacts, JobSearch search, DatabaseClock clock)
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
    public async Task<JobList> List(JobQuery query, Page page, Caller caller, CancellationToken stop)
    {
        var found = await search.Find(JobChoice.Of(query.Filter, caller, clock.Now), page.AfterId, page.Limit, stop);
        var jobs = new List<Job>();
        var next = found.Next;
        var text = 0;
        await foreach (var job in Read([.. found.Items.Select(match => match.Id)], stop))
        {
            if (text > MostTextInList)
            {
                next = jobs[^1].CorrelationId;
                break;
            }

            jobs.Add(job);
            text += job.Spec.Length + (job.Result?.Length ?? 0);
        }

        return new JobList(await View(jobs, stop), next is { } last ? Page.CursorOf(last) : null, found.IsPartial);
    }

    /// <summary>These, newest first, as far as they are still there.</summary>
    public async Task<IReadOnlyList<JobView>> List(IReadOnlyList<JobMatch> matches, CancellationToken stop) =>
        await View(await Read([.. matches.Select(match => match.Id)], stop).ToListAsync(stop), stop);

    private async IAsyncEnumerable<Job> Read(Guid[] ids, [EnumeratorCancellation] CancellationToken stop)
    {
        if (ids.Length == 0)
            yield break;
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = db.Set<Job>().AsNoTracking()
            .Where(job => ids.Contains(job.CorrelationId)).OrderByDescending(job => job.CorrelationId);
        await foreach (var job in rows.AsAsyncEnumerable().WithCancellation(stop))
            yield return job;
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

/// <summary>A part of a list of jobs.</summary>
/// <param name="Next">The cursor of the part that follows; null at the end.</param>
/// <param name="Partial">The time for searching was over before the page was full; <paramref name="Next"/> goes on.</param>
internal sealed record JobList(IReadOnlyList<JobView> Items, string? Next, bool Partial);
