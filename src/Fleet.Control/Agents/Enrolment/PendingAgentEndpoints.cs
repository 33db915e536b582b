using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>Hosts announce themselves, operators approve or refuse, hosts claim what was decided.</summary>
internal static class PendingAgentEndpoints
{
    public static void MapPendingAgents(this IEndpointRouteBuilder routes)
    {
        var pending = routes.MapGroup("/v1/agents/announcements").WithTags("Agents").RequireScope(Scope.AgentsManage)
            .OnlyForTheFleet(); // nobody knows yet whose such a host is
        pending.MapPost("/", Announce).AuditedAs("announcement.create").AllowAnonymous()
            .Accepts<JoinRequest>("application/json").Produces<AnnouncementTaken>(202);
        pending.MapGet("/", List).Produces<PageOf<PendingAgentView>>();
        pending.MapPost("/{announcementId}/approval", Approve).AuditedAs("announcement.approve")
            .Accepts<ApproveAgent>(true, "application/json").Produces<PendingAgentView>();
        pending.MapPost("/{announcementId}/refusal", Refuse).AuditedAs("announcement.refuse").Produces<PendingAgentView>();
        pending.MapPost("/{announcementId}/claim", Claim).AuditedAs("announcement.claim").AllowAnonymous()
            .Produces(202).Produces<AgentEnrolled>(201);
    }

    private static async Task<IResult> Announce(
        HttpRequest request, HttpResponse response, JoinRequestLimiter gate, PendingAgents pending,
        ILogger<PendingAgents> logger, CancellationToken stop)
    {
        if (!gate.TryEnter())
            return TooMany("too_many_requests", "Too many hosts announce themselves. Try again in a while.");
        var said = await JsonBody.Read<JoinRequest>(request);
        if (AgentRules.Check(said) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        if (await pending.Announce(said, stop) is not { } taken)
            return TooMany("too_many_pending", "Too many hosts wait for approval already.");
        AgentLog.Announced(logger, said.Name, LogText.Clean(said.Hostname), taken.Fingerprint);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Json(taken, statusCode: 202);
    }

    private static async Task<PageOf<PendingAgentView>> List(Page page, PendingAgents pending, CancellationToken stop) =>
        page.Cut(await pending.List(page, stop), one => one.Id, PendingAgentView.Of);

    private static async Task<IResult> Approve(
        string announcementId, HttpRequest request, PendingAgents pending, CancellationToken stop)
    {
        var how = request.ContentLength is null or 0 && request.ContentType is null
            ? new ApproveAgent()
            : await JsonBody.Read<ApproveAgent>(request);
        if (AgentRules.CheckGiven(how.Name, how.Labels, how.Tenants) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        return WireId.TryParse(announcementId, out var id)
            ? await Answer(id, await pending.Approve(id, how, stop), pending, stop)
            : Problem.NotFound("announcement");
    }

    private static async Task<IResult> Refuse(string announcementId, PendingAgents pending, CancellationToken stop) =>
        WireId.TryParse(announcementId, out var id)
            ? await Answer(id, await pending.Refuse(id, stop), pending, stop)
            : Problem.NotFound("announcement");

    private static async Task<IResult> Answer(Guid id, Decision decision, PendingAgents pending, CancellationToken stop)
    {
        if (decision == Decision.NameTaken)
            return AgentEnrolmentEndpoints.NameTaken();
        if (await pending.Find(id, stop) is not { } one)
            return Problem.NotFound("announcement");
        return decision == Decision.Made
            ? TypedResults.Ok(PendingAgentView.Of(one))
            : Problem.Conflict("already_decided", "Somebody has decided about this host already.");
    }

    /// <summary>Open to whoever has the claim secret; 202 until somebody has decided.</summary>
    private static async Task<IResult> Claim(
        string announcementId, HttpRequest request, HttpResponse response, PendingAgents pending,
        ILogger<PendingAgents> logger, CancellationToken stop)
    {
        if (!SecretText.TryHash(SecretText.OfBearer(request), SecretText.Claim, out var secret)
            || !WireId.TryParse(announcementId, out var id))
        {
            return Invalid();
        }

        response.Headers.CacheControl = "no-store";
        var (admission, name) = await pending.Claim(id, secret, stop);
        switch (admission)
        {
            case Admission.Granted(var text):
                AgentLog.Enrolled(logger, name);
                AuditNote.Of(request.HttpContext)?.IsBy(name);
                return TypedResults.Created($"/v1/agents/{name}", new AgentEnrolled(name, text));
            case Admission.Undecided:
                return TypedResults.Json(new { State = "pending" }, statusCode: 202);
            case Admission.TurnedAway:
                return new ProblemResult(403, "agent_refused", "An operator has refused this host.");
            default:
                return Invalid();
        }
    }

    private static ProblemResult Invalid() => new(
        401, "claim_invalid", "There is no announcement with this claim secret, or its time is over.")
    {
        Challenge = "Bearer",
    };

    private static ProblemResult TooMany(string code, string detail) =>
        new(429, code, detail) { RetryAfter = TimeSpan.FromMinutes(1) };
}
