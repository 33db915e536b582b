using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Contracts.Notebooks;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs;

/// <summary>From what clients write to what the lifecycle understands.</summary>
internal sealed class JobRequests(WorkKinds kinds)
{
    private const int MostAtOnce = 1000;

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Servers of notebooks are jobs that nobody but their notebook submits.</summary>
    private IReadOnlyList<string> KindNames { get; } = [.. kinds.Of(JobFamily.Job).Where(kind => kind != NotebookSpec.Kind)];

    /// <param name="by">Name of the key that asks.</param>
    /// <exception cref="ProblemException">Something is wrong with one of them: none is taken.</exception>
    public IReadOnlyList<SubmitWork> Read(
        OneOrMany<JobRequest> requests, string tenant, DateTimeOffset now, string? by = null)
    {
        if (requests.Items.Count is 0 or > MostAtOnce)
            throw new ProblemException(Problem.Invalid("$", $"A list holds 1 to {MostAtOnce} jobs."));
        var wrong = new Dictionary<string, string[]>();
        var jobs = new List<SubmitWork>(requests.Items.Count);
        var ids = requests.Items.Select(_ => WireId.New()).Order().ToList(); // the order of a list is its jobs' order
        for (var i = 0; i < requests.Items.Count; i++)
        {
            var rules = new JobRules(requests.IsList ? $"[{i}]." : "", KindNames, now);
            rules.Check(requests.Items[i]);
            foreach (var (field, sentences) in rules.Wrong.Take(20))
                wrong[field] = sentences;
            if (wrong.Count == 0)
                jobs.Add(Translate(ids[i], requests.Items[i], tenant, by));
        }

        return wrong.Count == 0 ? jobs : throw new ProblemException(Problem.Invalid(wrong));
    }

    private static SubmitWork Translate(Guid id, JobRequest job, string tenant, string? by) => new(
        id,
        job.Kind!,
        SpecOf(job, by),
        tenant,
        job.Name,
        Filled(job.Labels),
        job.Priority,
        job.MaxAttempts ?? (job.Kind == InferenceSpec.Kind ? InferenceSpecs.MaxAttempts : 1),
        job.TimeoutS,
        job.ExpiresAt,
        new WorkTarget(
            job.Target?.Agent, ExperimentSpecs.Labels(Filled(job.Target?.Labels), job.Experiment?.Resources?.Gpu)),
        job.StateWebhookUrl,
        Terms: new QueueTerms(
            job.Offline,
            job.QueueKey,
            job.NotBefore,
            job.ConcurrencyKey,
            job.ConcurrencyLimit,
            job.SequenceKey,
            job.FairnessKey,
            job.RateKey,
            job.RateLimit,
            job.RateKey is null ? null : job.RateSeconds ?? 1),
        Capability: job.Inference is null ? null : InferenceSpecs.CapabilityOf(job.Inference.Operation),
        Model: job.Inference?.Model);

    private static string SpecOf(JobRequest job, string? by) =>
        job.Command is not null ? SpecJson.Write(Translate(job.Command))
        : job.Inference is not null ? SpecJson.Write(InferenceSpecs.Translate(job.Inference))
        : job.Experiment is not null ? SpecJson.Write(ExperimentSpecs.Translate(job.Experiment, by))
        : SpecJson.Empty;

    private static CommandSpec Translate(CommandRequest command) => new(
        command.Program,
        command.Args?.ConvertAll(arg => arg!),
        command.Script,
        command.Script is null ? null : command.Shell ?? "sh",
        command.Env is null ? null : Filled(command.Env),
        command.Cwd,
        command.Stdin);

    private static Dictionary<string, string> Filled(Dictionary<string, string?>? entries) =>
        entries is null or { Count: 0 } ? Nothing : entries.ToDictionary(entry => entry.Key, entry => entry.Value!);
}
