using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Endpoints;

/// <summary>A changed definition, whichever way it was asked for.</summary>
internal sealed class ScheduleChanges(ScheduleDrafts drafts, ScheduleOperations operations, ScheduleStore store, DatabaseClock clock)
{
    public async Task<IResult> Apply(
        Schedule schedule, ScheduleRequest wanted, HttpRequest request, ReadOnlyMemory<byte> body, Caller caller, CancellationToken stop)
    {
        var former = TermsReader.DefinitionOf(schedule);
        var draft = await drafts.Read(wanted, caller, schedule.Tenant, schedule.CreatedAt, clock.Now, stop, former);
        var answer = await operations.Change(Request.Of(request, caller, body), schedule, draft, stop);
        return await Shown(request, schedule, answer, caller, stop);
    }

    /// <summary>The answer, with all that is shown of a single schedule.</summary>
    public async Task<IResult> Shown(HttpRequest request, Schedule schedule, Answer answer, Caller caller, CancellationToken stop)
    {
        var id = Protocol.Ids.WireId.Format(schedule.CorrelationId);
        if (answer.IsReplay || await store.Find(id, caller, stop) is not { } changed)
            return answer;
        request.HttpContext.Response.Tag(changed.Revision);
        return Results.Json(await store.View(changed, stop));
    }
}
