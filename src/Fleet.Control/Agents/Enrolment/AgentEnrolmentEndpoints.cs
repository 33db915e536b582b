using Fleet.Contracts.Agents;
using Fleet.Control.Agents.Install;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>One-time tokens: operators make them, hosts turn them into an agent's own token.</summary>
internal static class AgentEnrolmentEndpoints
{
    public static void MapAgentEnrolments(this IEndpointRouteBuilder routes)
    {
        var enrolments = routes.MapGroup("/v1/agents/enrolments").WithTags("Agents").RequireScope(Scope.AgentsManage);
        enrolments.MapPost("/", Create).AuditedAs("enrolment.create")
            .Accepts<CreateEnrolment>("application/json").Produces<NewEnrolmentView>(201);
        enrolments.MapGet("/", List).Produces<PageOf<EnrolmentView>>();
        enrolments.MapDelete("/{enrolmentId}", Withdraw).AuditedAs("enrolment.withdraw").Produces(204);
        routes.MapPost("/v1/agents/{name}/enrolment", Enrol).AuditedAs("agent.enrol").WithTags("Agents").AllowAnonymous()
            .Produces<AgentEnrolled>(201);
    }

    private static async Task<IResult> Create(
        HttpRequest request, HttpResponse response, Caller caller, AgentEnrolments enrolments, InstallScript installer,
        IdempotentChange once, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<CreateEnrolment>(body.Span);
        if (AgentRules.Check(wanted) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        if (caller.Tenant != Tenants.Default && wanted.Tenants?.SequenceEqual([caller.Tenant]) == false)
            return Problem.Forbidden("Keys of one tenant let agents in for that tenant only: leave tenants out, or name it alone.");
        response.Headers.CacheControl = "no-store";
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var made = await enrolments.Create(db, wanted, caller, stop);
            made = made with { Command = installer.Command(made.Name, made.Token!) };
            return Answer.Created(
                $"/v1/agents/enrolments/{WireId.Format(made.EnrolmentId)}", made, made with { Token = null, Command = null });
        }, stop);
    }

    private static async Task<PageOf<EnrolmentView>> List(
        Page page, Caller caller, AgentEnrolments enrolments, CancellationToken stop) =>
        page.Cut(await enrolments.List(page, caller, stop), enrolment => enrolment.Id, EnrolmentView.Of);

    private static async Task<IResult> Withdraw(
        string enrolmentId, Caller caller, AgentEnrolments enrolments, CancellationToken stop) =>
        WireId.TryParse(enrolmentId, out var id) && await enrolments.Withdraw(id, caller, stop)
            ? TypedResults.NoContent()
            : Problem.NotFound("unused enrolment");

    /// <summary>Open to anyone with a token; whatever is wrong with it, the answer is the same.</summary>
    private static async Task<IResult> Enrol(
        string name, HttpRequest request, HttpResponse response, AgentEnrolments enrolments, ILogger<AgentEnrolments> logger,
        CancellationToken stop)
    {
        if (!SecretText.TryHash(SecretText.OfBearer(request), SecretText.Enrolment, out var token))
            return Invalid();
        if (AgentRules.CheckName(name) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        switch (await enrolments.Use(token, name, stop))
        {
            case Admission.Granted(var text):
                AgentLog.Enrolled(logger, name);
                AuditNote.Of(request.HttpContext)?.IsBy(name);
                response.Headers.CacheControl = "no-store";
                return TypedResults.Created($"/v1/agents/{name}", new AgentEnrolled(name, text));
            case Admission.NameTaken:
                return NameTaken();
            default:
                return Invalid();
        }
    }

    public static ProblemResult NameTaken() => Problem.Conflict(
        "agent_exists", "There is an agent of this name. To enrol it anew, make an enrolment for its name.");

    private static ProblemResult Invalid() => new(
        401, "enrolment_invalid", "A valid enrolment token for this name is needed: unused and not older than an hour.")
    {
        Challenge = "Bearer",
    };
}
