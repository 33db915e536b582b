using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work.Explain;

/// <summary>Why work is where it is. Each family calls the id by its own name: see <see cref="Of"/>.</summary>
/// <param name="WorkId">Null for a submission that was only tried.</param>
/// <param name="Position">Its place among what waits for the same agents in the same share, from 1; null where it does not
/// wait for its turn, or more than 100,000 come first.</param>
/// <param name="EstimatedStart">A guess from how long the last of its like ran; null where there is nothing to go by,
/// or what it waits for has no time.</param>
/// <param name="Reasons">What holds it back; <c>ready</c> when nothing does.</param>
internal sealed record WorkExplanationView(
    [property: JsonPropertyName(WorkExplanationView.JobId), JsonConverter(typeof(WireIdConverter))] Guid? WorkId,
    string State,
    long? Position,
    DateTimeOffset? EstimatedStart,
    IReadOnlyList<ReasonView> Reasons)
{
    private const string JobId = "job_id";

    /// <summary>As clients of a family see it: a job's has <c>job_id</c>, a backup's <c>backup_id</c>.</summary>
    public JsonObject Of(string family)
    {
        var view = JsonSerializer.SerializeToNode(this, FleetJson.Options)!.AsObject();
        var id = view[JobId];
        view.Remove(JobId);
        view.Insert(0, $"{family}_id", id);
        return view;
    }
}

/// <summary>One reason. What it does not speak of is left out.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Labels">Labels that nobody has.</param>
/// <param name="Agents">The agents in question, ten at most.</param>
/// <param name="Jobs">The work in question as far as the caller may see it, ten at most.</param>
/// <param name="At">Since when, or until when.</param>
/// <param name="Count">How much work; with <c>concurrency_limit</c> and <c>rate_limit</c>, how much may run or start.</param>
internal sealed record ReasonView(
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Labels = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Agents = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Jobs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? At = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Count = null)
{
    public const int MostNamed = 10;

    public static IReadOnlyList<string> Name(IEnumerable<Guid> jobs) => [.. jobs.Take(MostNamed).Select(WireId.Format)];
}
