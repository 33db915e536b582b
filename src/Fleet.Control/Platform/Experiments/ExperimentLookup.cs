using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Experiments;

/// <summary>Whether what submitted runs name is there. An agent looks again, byte by byte, before anything starts.</summary>
internal sealed class ExperimentLookup(IExperimentCatalog commits, IDatasetCatalog datasets)
{
    /// <exception cref="ProblemException">Something is not there; the field is named.</exception>
    public async Task Check(IReadOnlyList<SubmitWork> work, bool isList, CancellationToken stop)
    {
        var wrong = new Dictionary<string, string[]>();
        for (var i = 0; i < work.Count; i++)
        {
            if (work[i].Kind != ExperimentSpec.Kind)
                continue;
            var run = SpecJson.Read<ExperimentSpec>(work[i].SpecJson);
            var prefix = isList ? $"[{i}].experiment" : "experiment";
            if (await WhyNot(work[i].Tenant, run.Commit, stop) is { } sentence)
                wrong[$"{prefix}.commit"] = [sentence];
            if (await MissingDataset(work[i].Tenant, run.Datasets ?? [], stop) is { } name)
                wrong[$"{prefix}.datasets"] = [$"There is no dataset {name}."];
        }

        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
    }

    private async Task<string?> WhyNot(string tenant, string commit, CancellationToken stop) =>
        await commits.Find(tenant, commit, stop) switch
        {
            null => $"There is no such commit: upload it with PUT /v1/experiments/{commit}/archive.",
            { HasEntry: false } => "The commit has no entry: name one in its experiment.json, or add run.sh, main.py or train.py.",
            { Missing: { } file } => $"The file {file} of the commit is not stored.",
            _ => null,
        };

    /// <summary>Null when all are there.</summary>
    public async Task<string?> MissingDataset(string tenant, IReadOnlyList<string> names, CancellationToken stop)
    {
        if (names.Count == 0)
            return null;
        var known = (await datasets.Find(tenant, names, stop)).Select(dataset => dataset.Name);
        return names.Except(known).FirstOrDefault();
    }
}
