using System.Text.Json;
using Fleet.Contracts.Jobs;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Reads what a client asks for, against the catalogue and the agents that there are.</summary>
internal sealed class ExecutionPlanner(
    ManifestStore manifests, RevocationStore revocations, AgentChoice choice, DatabaseClock clock)
{
    private static readonly Dictionary<string, JsonElement> Nothing = [];

    /// <exception cref="ProblemException">Something is wrong with it, or it cannot be had.</exception>
    public async Task<ExecutionPlan> Plan(ExecutionRequest wanted, string tenant, CancellationToken stop)
    {
        var rules = new ExecutionRules(clock.Now);
        rules.Check(wanted);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
        if (await manifests.Find(wanted.Manifest!, tenant, stop, wanted.Revision) is not { Document: { } document } entry)
        {
            throw new ProblemException(Problem.Invalid(
                wanted.Revision is null ? "manifest" : "revision", "There is no such manifest, or no such revision of it."));
        }

        var terms = new ExecutionTerms(
            wanted.Offline, Seconds(document.Execute.Timeout), [], wanted.Brakes?.MaxFailures, wanted.Brakes?.MaxFailureShare,
            wanted.JitterS, wanted.DeadlineAt, document.Staleness.MaxCacheAge?.TotalSeconds, wanted.MaxConcurrent, wanted.Priority);
        return await Plan(entry, document, wanted.Target ?? new(), wanted.Waves, wanted.Parameters ?? Nothing, terms, tenant, stop);
    }

    /// <summary>The same where the parts were read elsewhere.</summary>
    public async Task<ExecutionPlan> Plan(
        CatalogueEntry entry, ManifestDocument document, ExecutionTargetRequest target, IReadOnlyList<WaveRequest>? waves,
        IReadOnlyDictionary<string, JsonElement> parameters, ExecutionTerms terms, string tenant, CancellationToken stop)
    {
        if (await revocations.Holds(entry.Manifest.Name, entry.Revision.Version, tenant, stop))
        {
            throw new ProblemException(Problem.Conflict(
                "revoked", $"{entry.Manifest.Name} {entry.Revision.Version} is revoked: nothing of it starts."));
        }

        var findings = new DocumentFindings();
        var variables = ParameterReader.Resolve(document.Parameters, parameters, findings);
        if (findings.Any)
            throw new ProblemException(Problem.Invalid(findings.ByField));
        var spec = new CommandSpec(
            Script: await ScriptOf(document.Execute, tenant, stop),
            Shell: document.Execute.Shell,
            Env: variables.Count == 0 ? null : variables,
            Cwd: document.Execute.Cwd);
        string[] ofWaves = [.. (waves ?? []).Where(wave => wave.Group is not null).Select(wave => wave.Group!)];
        var chosen = await choice.Choose(target, ofWaves, tenant, terms.Offline == OfflineTerms.Skip, stop);
        var (made, delays) = Waves.Of([.. chosen.Agents.Select(agent => agent.Name)], waves, chosen.Groups);
        return new ExecutionPlan(
            entry.Manifest.Name, entry.Revision.Version, entry.Revision.Number, document.RequireApproval, spec,
            terms with { Delays = delays }, made, chosen.LeftOut)
        {
            Author = entry.Revision.Author,
        };
    }

    public static int Seconds(TimeSpan span) => (int)Math.Max(1, Math.Ceiling(span.TotalSeconds));

    /// <exception cref="ProblemException">Agents run no commands as the one who is meant.</exception>
    public static void RequireRunAs(string runAs)
    {
        if (runAs != ManifestReader.AsAgent)
        {
            throw new ProblemException(Problem.Conflict(
                "run_as_unavailable",
                $"run_as: {runAs} means who is logged in on a host, and that is nobody's of a tenant: agents run commands as users that "
                + "are their tenant's alone. Say system, or leave it out."));
        }
    }

    private async Task<string> ScriptOf(ManifestExecute execute, string tenant, CancellationToken stop)
    {
        RequireRunAs(execute.RunAs);
        if (execute.Script is { } script)
            return script;
        if (execute.ScriptObject is not { } stored)
        {
            throw new ProblemException(Problem.Conflict(
                "script_not_inlined",
                "The manifest names a file of its author's machine as script_file: post it with the text as script."));
        }

        return (await manifests.FindScript(stored, tenant, stop))?.Text ?? throw new ProblemException(
            Problem.NotFound("script") with { Detail = $"script object {stored} not found" });
    }
}
