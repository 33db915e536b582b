using System.Text.Json;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Manifests.Executions;

/// <summary>
/// Makes executions, and submits the jobs of a wave, at most so many in one transaction: with each of them the execution's row
/// moves on, so that whoever does the same at the same time does it in vain.
/// </summary>
internal sealed class ExecutionStart(WorkKinds kinds)
{
    /// <summary>As many jobs as clients may submit in one list.</summary>
    public const int MostAtOnce = 1000;

    private static readonly IReadOnlySet<Guid> NoneAway = new HashSet<Guid>();

    /// <summary>The rows of a new execution, with those of its agents.</summary>
    public static (Execution Execution, List<ExecutionHost> Hosts) Rows(ExecutionPlan plan, Caller by, DateTimeOffset now)
    {
        var execution = new Execution
        {
            CorrelationId = WireId.New(),
            Tenant = by.Tenant,
            Manifest = plan.Manifest,
            ManifestVersion = plan.ManifestVersion,
            Revision = plan.Revision,
            State = plan.NeedsApproval ? ExecutionStates.AwaitingApproval : ExecutionStates.Running,
            Owner = by.KeyId,
            By = by.Name,
            CreatedAt = now,
            Spec = SpecJson.Write(plan.Spec),
            Terms = JsonSerializer.Serialize(plan.Terms, FleetJson.Options),
            WaveAt = now.AddSeconds(plan.Terms.Delays[0]),
            Hosts = plan.Hosts,
            Open = plan.Hosts,
            Waiting = plan.Hosts,
            RerunOf = plan.RerunOf,
            Schedule = plan.Schedule,
            Author = plan.Schedule is null ? null : plan.Author,
        };
        var ids = Enumerable.Range(0, plan.Hosts).Select(_ => WireId.New()).Order().ToList();
        var hosts = plan.Waves
            .SelectMany((wave, number) => wave.Select(agent => (agent, number)))
            .Select((host, at) => new ExecutionHost
            {
                CorrelationId = ids[at],
                ExecutionId = execution.CorrelationId,
                Agent = host.agent,
                Wave = host.number,
            }).ToList();
        return (execution, hosts);
    }

    public static ExecutionTerms TermsOf(Execution execution) =>
        JsonSerializer.Deserialize<ExecutionTerms>(execution.Terms, FleetJson.Options)!;

    /// <summary>What a unit touches that adds the execution and submits what of it may begin.</summary>
    public IReadOnlyList<RowRef> NewRows(Execution execution, IEnumerable<ExecutionHost> hosts) =>
    [
        RowRef.New<Execution>(execution.CorrelationId),
        .. hosts.Select(host => RowRef.New<ExecutionHost>(host.CorrelationId)),
        .. Chunk(hosts, 0).Select(host => kinds.RowOf(JobKinds.Command, host.CorrelationId, isNew: true)),
    ];

    /// <summary>What a unit touches that goes on with a wave.</summary>
    public IReadOnlyList<RowRef> Rows(Execution execution, IReadOnlyList<ExecutionHost> hosts) =>
    [
        RowRef.Of<Execution>(execution.CorrelationId),
        .. hosts.Select(host => RowRef.Of<ExecutionHost>(host.CorrelationId)),
        .. hosts.Select(host => kinds.RowOf(JobKinds.Command, host.CorrelationId, isNew: true)),
    ];

    /// <summary>Adds an execution; its first wave begins with it, where nothing keeps it waiting.</summary>
    public static async Task Add(UnitOfWork unit, Execution execution, IReadOnlyList<ExecutionHost> hosts)
    {
        unit.Add(execution);
        foreach (var host in hosts)
            unit.Add(host);
        if (execution.State == ExecutionStates.Running && execution.WaveAt <= unit.Now)
            await Submit(unit, execution, [.. Chunk(hosts, 0)], hosts.Count(host => host.Wave == 0));
        CloseIfEmpty(execution, unit.Now);
    }

    /// <summary>Submits some agents of the present wave, and moves on to the next when they are the last of it.</summary>
    /// <param name="left">Agents of the wave that wait, these included.</param>
    public static async Task Submit(UnitOfWork unit, Execution execution, IReadOnlyList<ExecutionHost> hosts, int left)
    {
        var terms = TermsOf(execution);
        foreach (var host in hosts)
        {
            host.State = HostStates.Open;
            host.ExpiryCode = ExecutionJobs.IsStaleFirst(terms, unit.Now) ? ExitCodes.Stale : ExitCodes.DeadlineMissed;
            unit.Change(host);
            await WorkOperations.Accept(unit, ExecutionJobs.Of(execution, terms, host, unit.Now), NoneAway);
        }

        execution.Waiting -= hosts.Count;
        if (left > hosts.Count)
            return;
        execution.Wave++;
        execution.WaveAt = execution.Wave < terms.Delays.Count
            ? (execution.BeganAt ?? execution.CreatedAt).AddSeconds(terms.Delays[execution.Wave])
            : null;
    }

    public static void CloseIfEmpty(Execution execution, DateTimeOffset now)
    {
        if (execution.Open > 0 || ExecutionStates.IsOver(execution.State))
            return;
        (execution.State, execution.FinishedAt, execution.WaveAt) = (ExecutionStates.Completed, now, null);
    }

    private static IEnumerable<ExecutionHost> Chunk(IEnumerable<ExecutionHost> hosts, int wave) =>
        hosts.Where(host => host.Wave == wave).Take(MostAtOnce);
}
