using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Notebooks.Runs;

/// <summary>A run of the files of a notebook's workspace, as clients ask for it.</summary>
internal sealed class NotebookRunRequest
{
    private const int UsualPriority = 5;

    /// <summary>What the run is called; as its notebook where this is left out.</summary>
    public string? Name { get; init; }

    /// <summary>0 (last) to 9 (first).</summary>
    public int Priority { get; init; } = UsualPriority;

    /// <summary>Added behind those of the workspace's entry.</summary>
    public List<string?>? Args { get; init; }

    public Dictionary<string, string?>? Env { get; init; }

    /// <summary>Names of registered datasets.</summary>
    public List<string?>? Datasets { get; init; }

    public ExperimentResourcesRequest? Resources { get; init; }

    /// <exception cref="ProblemException">Something is wrong; the fields are named.</exception>
    public void Check()
    {
        var rules = new Rules();
        rules.Check(this);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    public ExperimentRequest Of(string commit) =>
        new() { Commit = commit, Args = Args, Env = Env, Datasets = Datasets, Resources = Resources };

    private sealed class Rules() : FieldRules("")
    {
        private const int MostName = 200;
        private const int CommitDigits = 40;
        private static readonly string AnyCommit = new('0', CommitDigits);

        public void Check(NotebookRunRequest wanted)
        {
            Text("name", wanted.Name, MostName);
            Between("priority", wanted.Priority, 0, 9);
            new ExperimentRules(Refuse).Check(wanted.Of(AnyCommit));
        }
    }
}
