using System.Text;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;

namespace Fleet.Control.Jobs;

/// <summary>Jobs that somebody else than a client submits, from the body that <c>POST /v1/jobs</c> takes.</summary>
internal sealed class JobSubmission(JobRequests reader, IAgentDirectory agents) : ISubmission
{
    public string Name => JobFamily.Job;

    public Scope Needs => Scope.JobsCreate;

    public IReadOnlyCollection<string> KindsOf(string body)
    {
        try
        {
            return Parse(body).Kind is { } kind ? [kind] : [];
        }
        catch (ProblemException)
        {
            return []; // who builds it says what is wrong
        }
    }

    public IReadOnlyDictionary<string, string[]> Check(string body, string tenant, DateTimeOffset now) =>
        Refusals.Of(() => Read(body, tenant, now));

    /// <summary>A job for an agent that is not there any more would wait for ever.</summary>
    public async Task<IReadOnlyList<BuiltSubmission>> Build(
        IReadOnlyList<SubmissionRequest> requests, DateTimeOffset now, CancellationToken stop)
    {
        var built = await Task.WhenAll(requests.Select(request => Refusals.Catch(() =>
            Task.FromResult(new BuiltSubmission(Read(request.Body, request.Tenant, now))))));
        if (!Array.Exists(built, one => one.Work?.Target.Agent is not null))
            return built;
        var known = (await agents.Standing(stop)).Where(agent => !agent.IsRevoked).ToDictionary(agent => agent.Name);
        return Array.ConvertAll(built, one => one.Work is not { Target.Agent: { } agent } work
            || (known.TryGetValue(agent, out var there) && there.Serves(work.Tenant))
                ? one
                : Gone(one.Work.Target.Agent));
    }

    private SubmitWork Read(string body, string tenant, DateTimeOffset now) =>
        reader.Read(new OneOrMany<JobRequest>([Parse(body)], IsList: false), tenant, now)[0];

    private static JobRequest Parse(string body) => JsonBody.Parse<JobRequest>(Encoding.UTF8.GetBytes(body));

    private static BuiltSubmission Gone(string agent) =>
        new(null, BuiltSubmission.TargetGone, $"There is no agent {agent} any more, or it was revoked.");
}
