using System.Text.Json.Serialization;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs;

/// <summary>What foreman's clients are told of the jobs they sent, in foreman's words and with its fields.</summary>
/// <param name="PreviousState">Empty when the job is new.</param>
/// <param name="Error">A sentence; null when nothing went wrong.</param>
/// <param name="Result">Ollama's answer, when there is one.</param>
/// <param name="Artifacts">Filled when the job has ended.</param>
internal sealed record ForemanEventPayload(
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    string State,
    string PreviousState,
    DateTimeOffset Timestamp,
    string Model,
    int Attempt,
    string? Error,
    [property: JsonConverter(typeof(JsonTextConverter))] string? Result,
    IReadOnlyList<object> Artifacts)
{
    /// <summary>The same news for the URL that the job names. A state that foreman does not know is not told.</summary>
    /// <param name="news">What everybody else is told.</param>
    /// <param name="state">The lifecycle's name of the state that the job enters.</param>
    public static DomainEvent Tell(Job job, string state, DomainEvent news)
    {
        if (job.StateWebhookUrl is null)
            return news;
        var before = ForemanWords.Of(WorkStates.WordOf(job.State));
        var word = ForemanWords.Of(WorkStates.WordOf(state));
        if (word == before)
            return news with { Url = null };
        var isOver = WorkStates.IsOver(state);
        var told = new ForemanEventPayload(
            job.CorrelationId, word, before, news.At, job.Model ?? "", job.Attempt, job.ErrorMessage,
            isOver ? ModelResult.AsForeman(job.Result) : null, []);
        return news with
        {
            DataForUrl = told,
            InlineArtifactsAt = isOver && job.HasArtifacts ? $"/jobs/{WireId.Format(job.CorrelationId)}/artifacts" : null,
        };
    }
}
