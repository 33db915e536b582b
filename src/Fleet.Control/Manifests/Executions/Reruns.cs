using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Repeats an execution where it failed.</summary>
internal sealed class Reruns(ExecutionStore store, RevocationStore revocations)
{
    private static readonly string[] WhatFailed = [HostStates.Failed];

    /// <exception cref="ProblemException">It is not over, nothing failed, or it is revoked by now.</exception>
    public async Task<ExecutionPlan> Plan(Execution former, CancellationToken stop)
    {
        if (!ExecutionStates.IsOver(former.State) || former.Open > 0)
        {
            throw new ProblemException(Problem.Conflict(
                "not_finished", "The execution is not over: cancel it first, or wait for its end."));
        }

        if (await revocations.Holds(former.Manifest, former.ManifestVersion, former.Tenant, stop))
            throw new ProblemException(Problem.Conflict("revoked", $"{former.Manifest} {former.ManifestVersion} is revoked."));
        var failed = await store.Hosts(former.CorrelationId, null, int.MaxValue, WhatFailed, stop);
        if (failed.Count == 0)
            throw new ProblemException(Problem.Conflict("nothing_failed", "None of its agents failed."));
        var terms = ExecutionStart.TermsOf(former);
        return new ExecutionPlan(
            former.Manifest, former.ManifestVersion, former.Revision, NeedsApproval: former.ApprovedBy is not null,
            SpecJson.Read<CommandSpec>(former.Spec),
            terms with { Delays = [0], DeadlineAt = null, MaxFailures = null, MaxFailureShare = null },
            [[.. failed.Select(host => host.Agent)]], [])
        {
            RerunOf = former.CorrelationId,
        };
    }
}
