using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs;

/// <summary>From what clients write to what the lifecycle understands.</summary>
internal static class JobSubmissions
{
    private const int MostAtOnce = 1000;

    private static readonly Dictionary<string, string> Nothing = [];

    /// <exception cref="ProblemException">Something is wrong with one of them: none is taken.</exception>
    public static IReadOnlyList<SubmitJob> Read(OneOrMany<JobRequest> requests, string tenant, DateTimeOffset now)
    {
        if (requests.Items.Count is 0 or > MostAtOnce)
            throw new ProblemException(Problem.Invalid("$", $"A list holds 1 to {MostAtOnce} jobs."));
        var wrong = new Dictionary<string, string[]>();
        var jobs = new List<SubmitJob>(requests.Items.Count);
        var ids = requests.Items.Select(_ => WireId.New()).Order().ToList(); // the order of a list is its jobs' order
        for (var i = 0; i < requests.Items.Count; i++)
        {
            var rules = new JobRules(requests.IsList ? $"[{i}]." : "", now);
            rules.Check(requests.Items[i]);
            foreach (var (field, sentences) in rules.Wrong.Take(20))
                wrong[field] = sentences;
            if (wrong.Count == 0)
                jobs.Add(Translate(ids[i], requests.Items[i], tenant));
        }

        return wrong.Count == 0 ? jobs : throw new ProblemException(Problem.Invalid(wrong));
    }

    private static SubmitJob Translate(Guid id, JobRequest job, string tenant) => new(
        id,
        tenant,
        new JobSpec(job.Kind!, Translate(job.Command), InferenceSpecs.Translate(job.Inference)),
        job.Name,
        Filled(job.Labels),
        job.Priority,
        job.MaxAttempts ?? (job.Kind == InferenceSpecs.Kind ? InferenceSpecs.MaxAttempts : 1),
        job.TimeoutS,
        job.ExpiresAt,
        new JobTarget(job.Target?.Agent, Filled(job.Target?.Labels)),
        job.StateWebhookUrl,
        Terms: new QueueTerms(
            job.Offline,
            job.QueueKey,
            job.NotBefore,
            job.ConcurrencyKey,
            job.ConcurrencyLimit,
            job.SequenceKey,
            job.FairnessKey));

    private static CommandSpec? Translate(CommandRequest? command) => command is null ? null : new CommandSpec(
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
