using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs.Search;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>Jobs for other slices.</summary>
internal sealed class JobDesk(
    JobShelf shelf,
    JobSearch search,
    JobQueueFacts facts,
    GroupCommit commits,
    IDbContextFactory<FleetDbContext> contexts,
    DatabaseClock clock) : IWorkDesk
{
    public Touch Touching(Guid job) => Touch.New<Job>(job);

    public Task Accept(Unit unit, SubmitJob job) => unit.Raise(job);

    public async Task<WorkStatus?> Find(Guid job, CancellationToken stop) =>
        await shelf.Find(job, stop) is { } found ? Status(found) : null;

    public async Task<PageOf<WorkStatus>> List(string kind, Page page, Caller caller, CancellationToken stop)
    {
        var wanted = JobChoice.Of(JobFilter.Is(JobFields.Kind, kind), caller, clock.Now);
        var found = await search.Find(wanted, page.AfterId, page.Limit, stop);
        var ids = found.Items.Select(job => job.Id).ToArray();
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = db.Set<Job>().AsNoTracking()
            .Where(job => ids.Contains(job.CorrelationId)).OrderByDescending(job => job.CorrelationId);
        var jobs = await rows.Select(job => new Job
        {
            CorrelationId = job.CorrelationId,
            Tenant = job.Tenant,
            Kind = job.Kind,
            Model = job.Model,
            State = job.State,
            Attempt = job.Attempt,
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            ErrorCode = job.ErrorCode,
            ErrorMessage = job.ErrorMessage,
            HasArtifacts = job.HasArtifacts,
        }).ToListAsync(stop);
        return new PageOf<WorkStatus>([.. jobs.Select(Status)], found.Next is { } next ? Page.CursorOf(next) : null);
    }

    public async Task<long?> Place(Guid job, CancellationToken stop) =>
        await shelf.Find(job, stop) is { State: nameof(JobLifecycle.Queued), Ready: true } waiting
            ? await facts.Position(waiting, stop)
            : null;

    public Task Cancel(Guid job, string by, CancellationToken stop) =>
        commits.Run([Touch.Of<Job>(job)], unit => unit.Raise(new CancelJob(job, by)));

    private static WorkStatus Status(Job job) => new(
        job.CorrelationId,
        job.Tenant,
        job.Kind,
        job.Model,
        JobWords.OfState(job.State)!,
        JobWords.IsTerminal(job.State),
        job.Attempt,
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.Result,
        job.ErrorCode,
        job.ErrorMessage,
        job.HasArtifacts);
}
