using Fleet.Contracts.Agents;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Executions over this wire.</summary>
internal static class KanadeExecutionEndpoints
{
    public static void MapKanadeExecutions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/executions", List).SayingLittle(Scope.JobsRead).Produces<IReadOnlyList<KanadeExecution>>();
        api.MapGet("/executions/{execId}", Show).SayingLittle(Scope.JobsRead).Produces<KanadeExecutionDetail>();
        api.MapGet("/runs", Runs).SayingWhy(Scope.JobsRead).Produces<IReadOnlyList<KanadeRunning>>();
        api.MapPost("/exec/{jobId}", Exec).AuditedAs("kanade.exec").SayingWhy(Scope.JobsCreate)
            .Accepts<KanadeExecRequest>("application/json", KnownJson.AnyType).Produces<KanadeExecAnswer>();
    }

    private static async Task<IResult> List(
        HttpRequest request, Caller caller, KanadeExecutions executions, CancellationToken stop) =>
        Results.Json(await executions.List(
            caller, KanadeQuery.Text(request, "job_id"), KanadeQuery.Text(request, "status"),
            KanadeQuery.Number(request, "limit", 50), stop));

    private static async Task<IResult> Show(
        string execId, Caller caller, ExecutionStore store, KanadeExecutions executions, CancellationToken stop)
    {
        if (!Guid.TryParse(execId, out var id) || await store.Find(WireId.Format(id), caller, stop) is not { } execution)
            return Problem.NotFound("execution");
        var hosts = await store.Hosts(id, null, int.MaxValue, null, stop);
        return Results.Json(new KanadeExecutionDetail(
            executions.Row(execution),
            [.. from host in hosts
                where host.StartedAt is not null && host.State != HostStates.Skipped
                orderby host.StartedAt descending, host.Id descending
                select new KanadeExecutionResult(
                    host.Id.ToString(), id.ToString(), host.Agent, host.ExitCode, host.StartedAt, host.FinishedAt)]));
    }

    private static async Task<IResult> Runs(
        HttpRequest request, Caller caller, KanadeExecutions executions, CancellationToken stop)
    {
        Guid? execution = KanadeQuery.Text(request, "exec_id") is not { } text ? null
            : Guid.TryParse(text, out var id) ? id : Guid.Empty;
        return Results.Json(await executions.Running(caller, execution, KanadeQuery.Number(request, "limit", 200), stop));
    }

    private static async Task<IResult> Exec(
        string jobId, HttpRequest request, Caller caller, ManifestStore manifests, ExecutionPlanner planner,
        ExecutionOperations operations, CancellationToken stop)
    {
        JsonRequired(request);
        using var body = await BodyBytes.Read(request);
        var wanted = KnownJson.Parse<KanadeExecRequest>(body.Span);
        var fanout = Fanout(wanted);
        if (await manifests.Find(jobId, caller.Tenant, stop) is not { Document: { } document } entry)
            return new ProblemResult(404, "not_found", $"job '{jobId}' not found");
        var terms = fanout.Terms with
        {
            TimeoutS = ExecutionPlanner.Seconds(document.Execute.Timeout),
            StaleAfterS = document.Staleness.MaxCacheAge?.TotalSeconds,
        };
        var parameters = wanted.Parameters ?? fanout.Parameters;
        var plan = await planner.Plan(entry, document, fanout.Target, fanout.Waves, parameters, terms, caller.Tenant, stop);
        return await operations.Create(
            Request.Of(request, caller, body.Memory), plan,
            execution => new Answer(200, Answer.Write(new KanadeExecAnswer(
                execution.CorrelationId.ToString(), jobId, plan.ManifestVersion, KanadeExecutions.Targets(plan.Hosts), fanout.Subjects))),
            stop);
    }

    /// <summary>What a body asks for, as executions know it.</summary>
    /// <exception cref="ProblemException">It names no agents, or a span of time that is none.</exception>
    public static KanadeFanout Fanout(KanadeExecRequest wanted)
    {
        var waves = wanted.Rollout?.Waves is { Count: > 0 } some ? some : null; // none at all: the target alone
        var target = wanted.Target ?? new KanadeTarget();
        if (waves is null && !target.All && target.Groups is null or { Count: 0 } && target.Pcs is null or { Count: 0 })
            throw KanadeQuery.Wrong("target must specify at least one of all / groups / pcs, or rollout waves");
        if (wanted.Rollout?.Strategy is not (null or "wave"))
        {
            throw new ProblemException(KnownJson.WrongShape(
                $"rollout.strategy: unknown variant `{wanted.Rollout.Strategy}`, expected `wave`"));
        }

        var made = (waves ?? []).Select((wave, at) => new WaveRequest
        {
            Group = wave?.Group ?? throw new ProblemException(KnownJson.WrongShape($"rollout.waves[{at}]: missing field `group`")),
            DelayS = (int)Math.Ceiling(Span($"rollout.waves[{at}].delay", wave.Delay ?? "0s").TotalSeconds),
        }).ToList();
        var jitter = wanted.Jitter is null ? TimeSpan.Zero : Span("jitter", wanted.Jitter);
        var terms = new ExecutionTerms("wait", 0, [], JitterS: jitter.TotalSeconds, DeadlineAt: wanted.DeadlineAt);
        return waves is not null
            ? new KanadeFanout(new(), made, terms, [.. made.Select(wave => $"commands.group.{wave.Group}")])
            : new KanadeFanout(
                new ExecutionTargetRequest
                {
                    All = target.All,
                    Groups = target.Groups?.FindAll(name => name is not null),
                    Agents = target.Pcs?.FindAll(AgentAddress.IsName),
                },
                null, terms, Subjects(target));
    }

    private static IReadOnlyList<string> Subjects(KanadeTarget target) => target.All
        ? ["commands.all"]
        : [.. (target.Groups ?? []).Select(group => $"commands.group.{group}"), .. (target.Pcs ?? []).Select(pc => $"commands.pc.{pc}")];

    private static TimeSpan Span(string field, string text) => DurationText.TryParse(text, out var span, out var why)
        ? span
        : throw KanadeQuery.Wrong($"invalid {field}: {why}");

    private static void JsonRequired(HttpRequest request)
    {
        try
        {
            JsonBody.RequireJson(request);
        }
        catch (ProblemException)
        {
            throw new ProblemException(Problem.UnsupportedMedia("Expected request with `Content-Type: application/json`"));
        }
    }
}

/// <summary>Which agents, and when: the body of an exec, and part of a schedule.</summary>
internal sealed class KanadeExecRequest
{
    public KanadeTarget? Target { get; init; }

    public KanadeRollout? Rollout { get; init; }

    public string? Jitter { get; init; }

    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Values of the manifest's parameters; kanade's own clients send none.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Parameters { get; init; }
}

internal sealed class KanadeTarget
{
    public bool All { get; init; }

    public List<string?>? Groups { get; init; }

    public List<string?>? Pcs { get; init; }
}

internal sealed class KanadeRollout
{
    public string? Strategy { get; init; }

    public List<KanadeWave?>? Waves { get; init; }
}

internal sealed class KanadeWave
{
    public string? Group { get; init; }

    public string? Delay { get; init; }
}

/// <param name="Subjects">What kanade would have sent commands to.</param>
internal sealed record KanadeFanout(
    ExecutionTargetRequest Target, IReadOnlyList<WaveRequest>? Waves, ExecutionTerms Terms, IReadOnlyList<string> Subjects)
{
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement> Parameters { get; init; } =
        new Dictionary<string, System.Text.Json.JsonElement>();
}

internal sealed record KanadeExecAnswer(string ExecId, string JobId, string Version, int TargetCount, IReadOnlyList<string> Subjects);
