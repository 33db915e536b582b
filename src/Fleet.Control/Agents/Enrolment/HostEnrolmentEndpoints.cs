using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>
/// Enrolment in the words of restic-manager's clients: a one-time token for a host, and the agent's own token for it. The host's
/// name becomes the agent's.
/// </summary>
internal static class HostEnrolmentEndpoints
{
    private const int MostName = 60;

    public static void MapHostEnrolment(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/enrollment-tokens", Create).AuditedAs("enrolment.create").RequireScope(Scope.AgentsManage)
            .WithTags("Hosts").WithMetadata(ProblemShape.Coded)
            .Accepts<HostTokenRequest>("application/json").Produces<HostTokenView>();
        routes.MapPost("/api/agents/enroll", Enrol).AuditedAs("agent.enrol").AllowAnonymous()
            .WithTags("Hosts").WithMetadata(ProblemShape.Coded)
            .Accepts<HostEnrolmentRequest>("application/json").Produces<HostEnrolledView>();
    }

    /// <summary>As an agent can be called; null when nothing of the name can be used.</summary>
    public static string? NameOf(string hostname)
    {
        var name = new StringBuilder();
        foreach (var letter in hostname.Trim().ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                name.Append(letter);
            else if (name.Length > 0 && name[^1] != '-')
                name.Append('-');
        }

        var cut = name.ToString()[..Math.Min(MostName, name.Length)].Trim('-');
        return AgentRules.CheckName(cut).Count == 0 ? cut : null;
    }

    private static async Task<IResult> Create(
        HttpRequest request, HttpResponse response, Caller caller, AgentEnrolments enrolments, IdempotentChange once,
        CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.ParseKnown<HostTokenRequest>(body.Span);
        if (!string.IsNullOrEmpty(wanted.RepoUrl))
        {
            return Problem.Invalid(
                "repo_url", "Repositories are made by POST /v1/repositories, and source groups by POST /v1/source-groups.");
        }

        var name = string.IsNullOrEmpty(wanted.Hostname) ? null : NameOf(wanted.Hostname);
        if (name is null && !string.IsNullOrEmpty(wanted.Hostname))
            return Problem.Invalid("hostname", "No agent can be called so: it needs a letter or a digit.");
        if (wanted.Tags?.Contains(null!) is true)
            return Problem.Invalid("tags", "A tag is a text, and not null.");
        var labels = (wanted.Tags ?? []).Distinct().ToDictionary(tag => tag, _ => "true");
        if (AgentRules.CheckGiven(name, labels, tenants: null) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong.ToDictionary(field => field.Key == "labels" ? "tags" : "hostname", field => field.Value));
        response.Headers.CacheControl = "no-store";
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var made = await enrolments.Create(db, new CreateEnrolment(name, labels), caller, stop);
            var view = new HostTokenView(made.Token, made.Name, made.ExpiresAt);
            return new Answer(200, Answer.Write(view)) { Kept = Answer.Write(view with { Token = null }) };
        }, stop);
    }

    /// <summary>Open to anyone with a token; whatever is wrong with it, the answer is the same.</summary>
    private static async Task<IResult> Enrol(
        HttpRequest request, HttpResponse response, AgentEnrolments enrolments, ILogger<AgentEnrolments> logger, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var said = JsonBody.ParseKnown<HostEnrolmentRequest>(body.Span);
        var secret = said.Token is { Length: > 0 } given ? given : SecretText.OfBearer(request);
        if (!SecretText.TryHash(secret, SecretText.Enrolment, out var token))
            return Invalid();
        var name = await enrolments.NameFor(token, stop) ?? NameOf(said.Hostname ?? "");
        if (name is null)
            return Problem.Invalid("hostname", "This is needed, with at least one letter or digit: the agent is called after it.");
        switch (await enrolments.Use(token, name, stop))
        {
            case Admission.Granted(var text):
                AgentLog.Enrolled(logger, name);
                AuditNote.Of(request.HttpContext)?.IsBy(name);
                response.Headers.CacheControl = "no-store";
                return Results.Json(new HostEnrolledView(name, text, ""));
            case Admission.NameTaken:
                return AgentEnrolmentEndpoints.NameTaken();
            default:
                return Invalid();
        }
    }

    private static ProblemResult Invalid() =>
        new(401, "enrolment_invalid", "A valid enrolment token is needed: unused and not older than an hour.");
}

/// <summary>Body of <c>POST /api/enrollment-tokens</c>.</summary>
/// <param name="Hostname">The host it is for; null means any whose name is not taken.</param>
/// <param name="Tags">Labels that the agent will have, with the value <c>true</c>.</param>
/// <param name="RepoUrl">Refused: repositories have a route of their own.</param>
internal sealed record HostTokenRequest(string? Hostname = null, IReadOnlyList<string>? Tags = null, string? RepoUrl = null);

/// <summary>A one-time token, shown this once.</summary>
/// <param name="Token">Null in the answer to a repetition.</param>
internal sealed record HostTokenView(string? Token, string? Hostname, DateTimeOffset ExpiresAt);

/// <summary>Body of <c>POST /api/agents/enroll</c>; what else a client says comes again with its hello.</summary>
/// <param name="Token">The one-time token; it may stand behind <c>Authorization: Bearer</c> as well.</param>
internal sealed record HostEnrolmentRequest(string? Token = null, string? Hostname = null);

/// <summary>The agent's own token, shown this once.</summary>
/// <param name="HostId">The agent's name.</param>
/// <param name="CertPinSha256">Empty: the certificate is the door's, and not known here.</param>
internal sealed record HostEnrolledView(string HostId, string AgentToken, string CertPinSha256);
