using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Experiments.Runs;

/// <summary>What can be done to runs, for every door alike.</summary>
internal sealed class RunOperations(
    IdempotentWork once, WorkOperations work, WorkKinds kinds, ExperimentLookup lookup, RunStore store, RunRemoval removal,
    DatabaseClock clock)
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>A new run of a commit.</summary>
    /// <param name="priority">0 (last) to 9 (first).</param>
    /// <exception cref="ProblemException">What it names is not there.</exception>
    public async Task<Guid> Queue(Request by, ExperimentSpec run, string name, int priority, string? note, CancellationToken stop)
    {
        var id = WireId.New();
        var submitted = new SubmitWork(
            id, ExperimentSpec.Kind, SpecJson.Write(run), by.Caller.Tenant, name, Nothing, priority, MaxAttempts: 1, TimeoutSeconds: null,
            ExpiresAt: null, new WorkTarget(null, Nothing));
        await lookup.Check([submitted], isList: false, stop);
        var away = await work.Away([submitted], stop);
        var row = kinds.RowOf(ExperimentSpec.Kind, id, isNew: true);
        await once.Run(by, [row], async unit =>
        {
            await WorkOperations.Accept(unit, submitted, away);
            if (note is { Length: > 0 })
                await RunStore.AnnotateNew(unit, id, Note(note, author: null, by.Caller));
            return kinds.FamilyOf(ExperimentSpec.Kind).Accepted([(WorkRow)(await unit.Find(row))!], isList: false);
        }, stop);
        return id;
    }

    /// <returns>Null when the run is gone.</returns>
    public async Task<RunNote?> Annotate(Guid run, string note, string? author, Caller by, CancellationToken stop)
    {
        var written = Note(note, author, by);
        return await store.Annotate(run, written, stop) ? written : null;
    }

    /// <summary>A note that is written now.</summary>
    /// <param name="author">The key's name where it is empty.</param>
    public RunNote Note(string note, string? author, Caller by) =>
        new(WireId.New(), author is { Length: > 0 } ? author : by.Name, note, clock.Now);

    /// <returns>False when the run is gone.</returns>
    public Task<bool> Conclude(Guid run, OutcomeRequest wanted, Caller by, CancellationToken stop) =>
        store.Conclude(run, wanted.Outcome!, wanted.Summary, by, clock.Now, stop);

    /// <returns>How many are gone, or would go.</returns>
    public async Task<int> Prune(PruneBody wanted, Caller by, CancellationToken stop)
    {
        DateTimeOffset? before = wanted.OlderThanDays is { } days ? clock.Now.AddDays(-days) : null;
        var runs = await removal.Prunable(by.Tenant, wanted.Keep, before, stop);
        return wanted.DryRun ? runs.Length : await removal.Remove(runs, stop);
    }
}
