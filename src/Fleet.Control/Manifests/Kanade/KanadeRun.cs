using Fleet.Contracts.Jobs;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.RunResults;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>One command on one agent, whose result is waited for.</summary>
internal static class KanadeRun
{
    /// <summary>What such commands are called where manifests have names.</summary>
    public const string AdHoc = "adhoc-run";

    private const int LongestTimeout = 30 * 86_400;
    private const int MostScript = 1024 * 1024;

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private static readonly Dictionary<string, string> Shells = new(StringComparer.Ordinal)
    {
        ["powershell"] = "powershell",
        ["ps"] = "powershell",
        ["pwsh"] = "pwsh",
        ["cmd"] = "cmd",
        ["sh"] = "sh",
        ["bash"] = "bash",
    };

    public static void MapKanadeRun(this IEndpointRouteBuilder api) => api.MapPost("/run", Run).AuditedAs("kanade.run")
        .SayingWhy(Scope.JobsCreate).Accepts<KanadeRunRequest>("application/json", KnownJson.AnyType).Produces<KanadeRunAnswer>();

    private static async Task<IResult> Run(
        HttpRequest request, Caller caller, ExecutionOperations operations, ResultStore results, ExecutionStore store,
        IAgentDirectory agents, DatabaseClock time, TimeProvider clock, CancellationToken stop)
    {
        var wanted = await KnownJson.Read<KanadeRunRequest>(request);
        Check(wanted);
        var patience = TimeSpan.FromSeconds(wanted.TimeoutSecs) + Slack;
        var standing = await agents.Standing(stop);
        if (!standing.Any(agent => agent.Name == wanted.PcId && !agent.IsRevoked && agent.Serves(caller.Tenant)))
            return Silent(wanted);
        var terms = new ExecutionTerms(
            "wait", wanted.TimeoutSecs, [0], JitterS: wanted.JitterSecs, DeadlineAt: time.Now + patience);
        var plan = new ExecutionPlan(
            AdHoc, "", 0, NeedsApproval: false, new CommandSpec(Script: wanted.Script, Shell: Shells[wanted.Shell]), terms,
            [[wanted.PcId!]], []);
        Guid made = default;
        await operations.Create(new Request(caller, Audit: AuditNote.Of(request.HttpContext)), plan, execution =>
        {
            made = execution.CorrelationId;
            return new Answer(200, "{}");
        }, stop);
        var host = (await store.FindHost(made, wanted.PcId!, stop))!.CorrelationId;
        for (var began = clock.GetTimestamp(); clock.GetElapsedTime(began) < patience;)
        {
            if (await results.Find(host, stop) is { FinishedAt: { } finished } row)
                return Results.Json(KanadeRunAnswer.Of(row, finished, wanted.ExecId ?? wanted.JobId));
            await Task.Delay(Between, clock, stop);
        }

        return Silent(wanted);
    }

    private static void Check(KanadeRunRequest wanted)
    {
        if ((wanted.PcId is null ? "pc_id" : wanted.Script is null ? "script" : null) is { } missing)
            throw new ProblemException(KnownJson.WrongShape($"missing field `{missing}`"));
        if (wanted.Shell is null)
            throw new ProblemException(KnownJson.WrongShape("shell: invalid type: null, expected a string"));
        if (!Shells.ContainsKey(wanted.Shell))
            throw KanadeQuery.Wrong($"unknown shell `{wanted.Shell}`: expected one of {string.Join(", ", Shells.Keys)}");
        if (wanted.TimeoutSecs is < 1 or > LongestTimeout)
            throw KanadeQuery.Wrong($"timeout_secs must be from 1 to {LongestTimeout}");
        if (wanted.JitterSecs is < 0 or > LongestTimeout)
            throw KanadeQuery.Wrong($"jitter_secs must be from 0 to {LongestTimeout}");
        if (wanted.Script!.Length is 0 or > MostScript)
            throw KanadeQuery.Wrong($"script must have 1 to {MostScript} characters");
        if (!Documents.ManifestReader.RunAs.Contains(wanted.RunAs))
            throw new ProblemException(KnownJson.WrongShape($"run_as: unknown variant `{wanted.RunAs}`"));
        ExecutionPlanner.RequireRunAs(wanted.RunAs);
    }

    private static ProblemResult Silent(KanadeRunRequest wanted) =>
        new(408, "timeout", $"no result from '{wanted.PcId}' within {wanted.TimeoutSecs + Slack.TotalSeconds}s");
}

internal sealed class KanadeRunRequest
{
    public string? PcId { get; init; }

    public string? Script { get; init; }

    public string Shell { get; init; } = "powershell";

    public int TimeoutSecs { get; init; } = 60;

    public string? ExecId { get; init; }

    public string? JobId { get; init; }

    public int? JitterSecs { get; init; }

    public string RunAs { get; init; } = "system";
}

/// <summary>The result of a command. What there is not is left out.</summary>
internal sealed record KanadeRunAnswer(
    string ResultId, string RequestId,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    string? ExecId,
    string PcId, int ExitCode, string Stdout, string Stderr, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string ManifestId)
{
    public static KanadeRunAnswer Of(RunResult row, DateTimeOffset finished, string? execution) => new(
        row.Id.ToString(), (row.ExecutionId ?? row.Id).ToString(), execution, row.Agent, row.ExitCode ?? ExitCodes.Killed, row.Stdout,
        row.Stderr, row.StartedAt, finished, KanadeRun.AdHoc);
}
