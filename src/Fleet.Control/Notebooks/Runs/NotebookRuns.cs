using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Control.Notebooks.Tunnels;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Notebooks.Runs;

/// <summary>Runs of what lies in a notebook's workspace: its files become a commit, of which a run is queued.</summary>
internal sealed class NotebookRuns(
    IdempotentWork once, WorkOperations work, WorkKinds kinds, TunnelExchange tunnels, ICommitIntake commits,
    IExperimentCatalog catalog, ExperimentLookup lookup)
{
    /// <summary>By which the runs of a notebook are found.</summary>
    private const string Label = "notebook";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <exception cref="ProblemException">The notebook does not run, or a commit cannot have its files.</exception>
    public async Task<Answer> Queue(Request by, Notebook notebook, NotebookRunRequest wanted, CancellationToken stop)
    {
        if (await once.Known(by, stop) is { } known)
            return known;
        if (notebook.State != "running")
            throw new ProblemException(Problem.Conflict("notebook_not_running", $"The notebook is {notebook.State}."));
        if (await lookup.MissingDataset(notebook.Tenant, [.. (wanted.Datasets ?? []).OfType<string>()], stop) is { } missing)
            throw new ProblemException(Problem.Invalid("datasets", $"There is no dataset {missing}."));
        var run = ExperimentSpecs.Translate(wanted.Of(await Commit(notebook, by.Caller, stop)), by.Caller.Name);
        var submitted = new SubmitWork(
            WireId.New(), ExperimentSpec.Kind, SpecJson.Write(run), notebook.Tenant, wanted.Name ?? notebook.Name,
            new Dictionary<string, string> { [Label] = WireId.Format(notebook.Id) }, wanted.Priority, MaxAttempts: 1,
            TimeoutSeconds: null, ExpiresAt: null, new WorkTarget(null, ExperimentSpecs.Labels(Nothing, wanted.Resources?.Gpu)));
        return await work.Submit(
            by, [submitted], rows => kinds.FamilyOf(ExperimentSpec.Kind).Accepted(rows, isList: false), stop);
    }

    private async Task<string> Commit(Notebook notebook, Caller caller, CancellationToken stop)
    {
        var commit = await Store(notebook, caller, stop);
        return await catalog.Find(notebook.Tenant, commit, stop) is { HasEntry: false }
            ? throw Unfit("It has no entry: name one in an experiment.json, or add run.sh, main.py or train.py.")
            : commit;
    }

    private async Task<string> Store(Notebook notebook, Caller caller, CancellationToken stop)
    {
        var tunnel = await tunnels.OfFiles(notebook.Agent, notebook.Work, notebook.Attempt, stop);
        await using var files = tunnel.Bytes;
        files.EndsByClose = true;
        try
        {
            return await commits.Store(files, caller, stop);
        }
        catch (ProblemException refused) when (refused.Problem is { Status: 400, Errors.Count: > 0 })
        {
            throw Unfit(string.Join(' ', refused.Problem.Errors.Values.SelectMany(sentences => sentences)));
        }
        catch (ProblemException large) when (large.Problem.Status == StatusCodes.Status413PayloadTooLarge)
        {
            throw Unfit("Its files are larger than a commit may be.");
        }
        catch (IOException)
        {
            throw new ProblemException(new ProblemResult(
                502, "workspace_unreadable", $"Agent {notebook.Agent} did not bring all files of the workspace."));
        }
    }

    private static ProblemException Unfit(string sentence) =>
        new(Problem.Conflict("workspace_unfit", $"No run can be made of the workspace. {sentence}"));
}
