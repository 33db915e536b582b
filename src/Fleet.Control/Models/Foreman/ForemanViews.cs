using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Models.Foreman;

/// <summary>The answer to a submission.</summary>
internal sealed record ForemanAccepted([property: JsonConverter(typeof(WireIdConverter))] Guid JobId);

/// <summary>A job as foreman's clients know it.</summary>
/// <param name="State"><c>queued loading working done failed cancelled</c>; loading is given to an agent.</param>
/// <param name="Result">Ollama's answer.</param>
/// <param name="Error">A sentence; null when nothing went wrong.</param>
/// <param name="QueuePosition">Fleet's addition: from 1, while it waits.</param>
internal sealed record ForemanJob(
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    string State,
    string Model,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    int Attempt,
    JsonElement? Result,
    string? Error,
    IReadOnlyList<InlineArtifact> Artifacts,
    long? QueuePosition)
{
    public static ForemanJob Of(WorkStatus job, IReadOnlyList<InlineArtifact> artifacts, long? position) => new(
        job.Id,
        ForemanWords.Of(job.State),
        job.Model ?? "",
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.Attempt,
        ModelResult.AsForeman(job.ResultJson) is { } result ? JsonSerializer.Deserialize<JsonElement>(result, FleetJson.Options) : null,
        job.ErrorMessage,
        artifacts,
        position);

    public static string ArtifactsOf(Guid job) => $"/jobs/{WireId.Format(job)}/artifacts";
}

/// <summary>A job in a list: what it left is in its own view.</summary>
internal sealed record ForemanListed(
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    string State,
    string Model,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    int Attempt,
    string? Error)
{
    public static ForemanListed Of(WorkStatus job) => new(
        job.Id, ForemanWords.Of(job.State), job.Model ?? "", job.CreatedAt, job.StartedAt, job.FinishedAt, job.Attempt,
        job.ErrorMessage);
}

/// <param name="Degraded">No agent that is on has a model.</param>
internal sealed record ForemanHealth(string Status, bool Degraded);
