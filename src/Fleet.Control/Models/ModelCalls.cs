using System.Text;
using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Models;

/// <summary>
/// Takes in model calls. Each is a job before anything is answered, so it outlives its caller, this process and the
/// agent that works on it.
/// </summary>
internal sealed class ModelCalls(
    IModelDirectory models,
    ModelMemory memory,
    WorkStatuses statuses,
    WorkOperations operations,
    JournalFeed feed,
    ModelSettings settings,
    TimeProvider clock)
{
    /// <summary>Bytes of a specification as JSON: a message of the broker holds it with room to spare.</summary>
    private const int MostSpec = 12 * 1024 * 1024;

    /// <summary>A body may take so many times its bytes as the JSON of a message.</summary>
    private const int MostGrowth = 6;

    private static readonly Dictionary<string, string> Nothing = [];

    /// <exception cref="ProblemException">No agent has it, and all were asked.</exception>
    public async Task<KnownModel> Find(string model, string tenant, CancellationToken stop) =>
        await memory.Find(model, tenant, stop) ?? throw new ProblemException(NoModel(model));

    /// <summary>The name to ask by: the caller's own where the upstream takes it, else the one that it has.</summary>
    /// <exception cref="ProblemException">No agent has it, and all were asked.</exception>
    public async Task<string> Name(string model, string tenant, CancellationToken stop)
    {
        var known = await Find(model, tenant, stop);
        return ModelName.Short(known.Name) == model ? model : known.Name;
    }

    public Task<IReadOnlyList<KnownModel>> List(string tenant, CancellationToken stop) => models.List(tenant, stop);

    public static ProblemResult NoModel(string model) =>
        new(404, "model_not_found", $"model '{model}' not found") { Errors = Field("model", "No agent has it.") };

    /// <summary>A call whose caller waits for the answer.</summary>
    /// <param name="model">The name that the caller used.</param>
    /// <param name="body">What he sent: the same again, with the same key, is the same call.</param>
    /// <exception cref="ProblemException">It was not taken.</exception>
    public async Task<ModelCall> Begin(
        HttpContext context, string model, InferenceSpec spec, string wire, ReadOnlyMemory<byte> body)
    {
        var caller = Caller.Of(context);
        var name = await Name(model, caller.Tenant, context.RequestAborted);
        var job = Submission(caller, spec with { Model = name }, wire, body.Length);
        var (id, isRepeated) = await Accept(context, job, body);
        return new ModelCall(id, model, isRepeated, statuses, operations, feed, clock);
    }

    /// <summary>Accepts the job, or finds the one that the same request made before.</summary>
    /// <exception cref="ProblemException">The key of the request was used for another one.</exception>
    public async Task<(Guid Job, bool IsRepeated)> Accept(HttpContext context, SubmitWork job, ReadOnlyMemory<byte> body)
    {
        var answer = await operations.Submit(
            Request.Of(context.Request, Caller.Of(context), body),
            [job],
            _ => new Answer(202, JsonSerializer.Serialize(new { JobId = WireId.Format(job.WorkId) }, FleetJson.Options)),
            context.RequestAborted);
        return answer.IsReplay ? (JobOf(answer), true) : (job.WorkId, false);
    }

    /// <exception cref="ProblemException">It is too large.</exception>
    public SubmitWork Submission(Caller caller, InferenceSpec spec, string wire, int bodyBytes)
    {
        var written = SpecJson.Write(spec);
        if (bodyBytes > MostSpec / MostGrowth && Encoding.UTF8.GetByteCount(written) > MostSpec)
            throw new ProblemException(Problem.TooLargeAsJson(MostSpec));
        return new SubmitWork(
            WireId.New(),
            InferenceSpec.Kind,
            written,
            caller.Tenant,
            Name: null,
            Nothing,
            Priority: 5,
            settings.MaxAttempts,
            settings.TimeoutSeconds > 0 ? settings.TimeoutSeconds : null,
            ExpiresAt: null,
            new WorkTarget(null, Nothing),
            Wire: wire,
            Capability: InferenceSpecs.CapabilityOf(spec.Operation),
            Model: spec.Model);
    }

    public static IReadOnlyDictionary<string, string[]> Field(string name, string sentence) =>
        new Dictionary<string, string[]> { [name] = [sentence] };

    private static Guid JobOf(Answer stored) =>
        WireId.TryParse(JsonSerializer.Deserialize<JsonElement>(stored.Json).GetProperty("job_id").GetString(), out var id)
            ? id
            : throw new InvalidOperationException("A stored answer names no job.");
}
