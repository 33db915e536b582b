using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Jobs;

/// <summary>What receivers are told of a job: foreman's fields, with the states of the native API.</summary>
/// <param name="Agent">Who has it, or had it; null before.</param>
/// <param name="PreviousState">Empty when the job is new.</param>
/// <param name="Model">The model that was asked; null for work that asks none.</param>
/// <param name="Error">A sentence; null when nothing went wrong.</param>
/// <param name="Artifacts">Filled when the job has ended.</param>
internal sealed record JobEventPayload(
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    string Kind,
    string? Name,
    [property: JsonConverter(typeof(JsonTextConverter))] string Labels,
    string? Agent,
    string State,
    string PreviousState,
    DateTimeOffset Timestamp,
    string? Model,
    int Attempt,
    string? Error,
    string? ErrorCode,
    [property: JsonConverter(typeof(JsonTextConverter))] string? Result,
    IReadOnlyList<object> Artifacts)
{
    public const string Family = JobFamily.Job;

    private static readonly Dictionary<string, string> Types =
        WorkStates.AllWords.ToDictionary(word => word, word => $"{Family}.{word}");

    /// <param name="state">The lifecycle's name of the state that the job enters.</param>
    public static DomainEvent Of(Job job, string state, DateTimeOffset now)
    {
        var word = WorkStates.WordOf(state)!;
        var news = new DomainEvent(
            job.Tenant,
            Types[word],
            job.CorrelationId,
            now,
            job.StateWebhookUrl,
            new JobEventPayload(
                job.CorrelationId, job.Kind, job.Name, job.Labels, job.Agent, word, WorkStates.WordOf(job.State) ?? "", now, job.Model,
                job.Attempt, job.ErrorMessage, job.ErrorCode, job.Result, []),
            job.HasArtifacts && WorkStates.IsOver(state) ? WorkLinks.Artifacts(job) : null);
        return job.Wire == WorkWires.Foreman ? ForemanEventPayload.Tell(job, state, news) : news;
    }
}

/// <summary>JSON that is kept as text goes out as it is.</summary>
internal sealed class JsonTextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("News are only written.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value, skipInputValidation: true); // the database takes nothing else
}
