using System.Text;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Executions that somebody else than a client asks for, from the body that <c>POST /v1/executions</c> takes.</summary>
internal sealed class ExecutionSubmission(
    ExecutionPlanner planner, ExecutionStart start, Confirmation confirmation, ExecutionGroups groups) : ISubmission
{
    private static readonly HashSet<string> Targets = ["manifest", "revision"];

    public string Name => "execution";

    public Scope Needs => Scope.JobsCreate;

    public IGroupedWork? Groups => groups;

    public IReadOnlyCollection<string> KindsOf(string body) => [JobKinds.Command];

    public IReadOnlyDictionary<string, string[]> Check(string body, string tenant, DateTimeOffset now) => Refusals.Of(() =>
    {
        var rules = new ExecutionRules(now);
        rules.Check(Parse(body));
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    });

    public async Task<IReadOnlyList<BuiltSubmission>> Build(
        IReadOnlyList<SubmissionRequest> requests, DateTimeOffset now, CancellationToken stop)
    {
        var built = new List<BuiltSubmission>(requests.Count);
        foreach (var request in requests)
            built.Add(await Build(request, now, stop));
        return built;
    }

    private static ExecutionRequest Parse(string body) => JsonBody.Parse<ExecutionRequest>(Encoding.UTF8.GetBytes(body));

    private async Task<BuiltSubmission> Build(SubmissionRequest request, DateTimeOffset now, CancellationToken stop)
    {
        try
        {
            var wanted = Parse(request.Body);
            var plan = await planner.Plan(wanted, request.Tenant, stop) with { Schedule = request.Schedule };
            if (plan.Hosts == 0)
                return new BuiltSubmission(null, BuiltSubmission.TargetGone, "No agent is reached: a dry run says why each is left out.");
            confirmation.Require(plan, request.Tenant, wanted.Confirm, mayBeOld: true);
            return new BuiltSubmission(null, Group: Start(plan, request, now));
        }
        catch (ProblemException wrong)
        {
            var isGone = wrong.Problem.Errors.Keys.Any(Targets.Contains);
            return new BuiltSubmission(null, isGone ? BuiltSubmission.TargetGone : BuiltSubmission.Refused, wrong.Problem.Detail);
        }
    }

    private GroupStart Start(ExecutionPlan plan, SubmissionRequest request, DateTimeOffset now)
    {
        var by = new Caller(request.Owner, request.OwnerName, request.Tenant, Scope.None);
        var (execution, hosts) = ExecutionStart.Rows(plan, by, now);
        execution.AskedBy = request.AskedBy;
        return new GroupStart(
            execution.CorrelationId, start.NewRows(execution, hosts), execution.State,
            unit => ExecutionStart.Add(unit, ExecutionOperations.Copy(execution), hosts.ConvertAll(ExecutionOperations.Copy)));
    }
}
