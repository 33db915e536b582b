using Fleet.Contracts.Notebooks;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Notebooks;

/// <summary>What can be done with notebooks, for every door alike. A notebook's server is a job; its starts follow each other.</summary>
internal sealed class NotebookOperations(
    IdempotentWork once, WorkOperations work, WorkKinds kinds, NotebookStore store, NotebookPlaces places, NotebookTokens tokens,
    NotebookSettings settings, DatabaseClock clock)
{
    private const int Priority = 5;

    /// <summary>How often a stop follows a notebook that others start anew at the same moment.</summary>
    private const int MostStops = 5;

    /// <summary>What is gone already is no failure, so that a removal may be tried as often as it takes.</summary>
    private const int PurgeAttempts = 20;

    private const int PurgePauseSeconds = 60;

    private static readonly Dictionary<string, string> Nothing = [];

    /// <exception cref="ProblemException">The name is taken, or no agent has notebooks.</exception>
    public async Task<Answer> Start(
        Request by, NotebookRequest wanted, Func<Notebook, string?, Answer> answer, CancellationToken stop)
    {
        if (await once.Known(by, stop) is { } known)
            return known;
        var id = WireId.New();
        var token = wanted.Token ?? NotebookTokens.New();
        var agent = await places.Choose(wanted.Agent, by.Caller.Tenant, stop);
        var made = new Notebook(
            id, by.Caller.Tenant, by.Caller.KeyId, by.Caller.Name, wanted.Name, wanted.Workspace, agent, WireId.New(),
            tokens.HashOf(id, token), clock.Now, WorkState: WorkStates.Queued);
        return await once.Run(by, [kinds.RowOf(NotebookSpec.Kind, made.Work, isNew: true)], async unit =>
        {
            if (!await NotebookStore.Add(unit, made))
                throw new ProblemException(Problem.Conflict("name_taken", $"There is a notebook of the name {wanted.Name} already."));
            await unit.Raise(Draft(made, made.Work));
            return answer(made, wanted.Token is null ? token : null);
        }, stop);
    }

    /// <summary>Ends its server where there is one, and starts another with the same files.</summary>
    /// <param name="token">What opens it from now on; null leaves that as it is.</param>
    /// <exception cref="ProblemException">It was changed at the same moment, or lies in the trash.</exception>
    public async Task<Answer> Restart(
        Request by, Notebook notebook, string? token, Func<Notebook, Answer> answer, CancellationToken stop)
    {
        var next = WireId.New();
        var hash = token is null ? null : tokens.HashOf(notebook.Id, token);
        RowRef[] rows = [kinds.RowOf(NotebookSpec.Kind, next, isNew: true), kinds.RowOf(NotebookSpec.Kind, notebook.Work)];
        return await once.Run(by, rows, [next], async unit =>
        {
            if (!await NotebookStore.Restart(unit, notebook, next, hash))
                throw new ProblemException(Problem.Conflict("changed", "The notebook was removed, or started by somebody else meanwhile."));
            await unit.Raise(new CancelWork(notebook.Work, NotebookSpec.Kind, by.Caller.Name));
            await unit.Raise(Draft(notebook, next));
            return answer(notebook.StartedAnew(next));
        }, stop);
    }

    /// <summary>Ends its server; its files stay.</summary>
    public async Task Stop(Notebook notebook, string by, CancellationToken stop)
    {
        Notebook? seen = notebook;
        for (var stops = 0; seen is not null && stops < MostStops; stops++)
        {
            await work.Cancel(seen.Work, NotebookSpec.Kind, by);
            var now = await store.Find(seen.Id, stop);
            seen = now?.Work == seen.Work ? null : now;
        }
    }

    /// <summary>Ends its server, and puts it into the trash; or removes it and its files for ever, as soon as its agent can.</summary>
    /// <exception cref="ProblemException">It was started anew at the same moment.</exception>
    public async Task Remove(Request by, Notebook notebook, bool purge, CancellationToken stop)
    {
        var last = WireId.New();
        RowRef[] rows = [kinds.RowOf(NotebookSpec.Kind, notebook.Work), kinds.RowOf(NotebookSpec.Kind, last, isNew: true)];
        await once.Run(by, purge ? rows : rows[..1], [notebook.Work], async unit =>
        {
            if (await (purge ? NotebookStore.Forget(unit, notebook) : NotebookStore.Remove(unit, notebook)))
            {
                await unit.Raise(new CancelWork(notebook.Work, NotebookSpec.Kind, by.Caller.Name));
                if (purge)
                    await unit.Raise(Draft(notebook, last, purge: true));
            }
            else if (!purge || await NotebookStore.IsThere(unit, notebook))
            {
                throw new ProblemException(Problem.Conflict("changed", "The notebook was started, or removed, by others meanwhile."));
            }

            return new Answer(StatusCodes.Status204NoContent, "");
        }, stop);
    }

    /// <summary>Out of the trash; it is stopped then.</summary>
    /// <exception cref="ProblemException">Another one has its name.</exception>
    public async Task Restore(Notebook notebook, CancellationToken stop)
    {
        if (notebook.RemovedAt is not null && !await store.Restore(notebook, stop))
            throw new ProblemException(Problem.Conflict("name_taken", $"There is another notebook of the name {notebook.Name} by now."));
    }

    private SubmitWork Draft(Notebook notebook, Guid id, bool purge = false) => new(
        id,
        NotebookSpec.Kind,
        SpecJson.Write(new NotebookSpec(notebook.Id, notebook.Workspace, notebook.Path, purge)),
        notebook.Tenant,
        notebook.Name,
        Nothing,
        Priority,
        MaxAttempts: purge ? PurgeAttempts : 1,
        TimeoutSeconds: null,
        clock.Now.AddSeconds(purge ? settings.PurgeSeconds : settings.StartSeconds),
        new WorkTarget(notebook.Agent, Nothing),
        Terms: new QueueTerms(
            SequenceKey: $"notebook:{WireId.Format(notebook.Id)}", RetryPauseSeconds: purge ? PurgePauseSeconds : null));
}
