using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Occurrences;

namespace Fleet.Control.Schedules.Declared;

/// <summary>What can be done to schedules of other slices here; what they say is changed by posting their documents again.</summary>
internal sealed class DeclaredOperations(
    DeclaredStore store, DueQueries queries, OpenWorkCancellation cancellation, GroupCommit commits)
{
    public static ProblemException Refused => new(Problem.Conflict(
        "declared_schedule",
        "This schedule is a document: post it again to /v1/manifest-schedules to change it; to run its manifest there is "
        + "/v1/executions."));

    /// <param name="cascade">Whether what it started is cancelled.</param>
    public async Task<IResult> Pause(DeclaredHit found, bool paused, bool cascade, Caller caller, CancellationToken stop)
    {
        await found.Source.Pause(found.Schedule, paused, stop);
        await Cancel(found, cascade, caller, stop);
        return await found.Source.Find(found.Schedule.Id, stop) is { } changed
            ? Results.Json(await store.View(changed, stop))
            : Problem.NotFound("schedule");
    }

    /// <summary>Its occurrences go with it.</summary>
    public async Task<IResult> Delete(DeclaredHit found, bool cascade, Caller caller, CancellationToken stop)
    {
        await Cancel(found, cascade, caller, stop);
        await found.Source.Remove(found.Schedule, stop);
        return Results.NoContent();
    }

    private async Task Cancel(DeclaredHit found, bool cascade, Caller caller, CancellationToken stop)
    {
        OpenWork[] open = cascade ? [.. (await queries.Open([found.Schedule.Id], stop))[found.Schedule.Id]] : [];
        if (open.Length > 0)
            await commits.Run([.. cancellation.RowsOf(open)], unit => cancellation.Cancel(open, caller.Name, unit), stop: stop);
    }
}
