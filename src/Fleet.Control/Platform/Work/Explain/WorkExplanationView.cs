using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work.Explain;

/// <summary>Why a job is where it is.</summary>
/// <param name="JobId">Null for a submission that was only tried.</param>
/// <param name="Position">Its place among what waits for the same agents in the same share, from 1; null where it does not
/// wait for its turn, or more than 100,000 come first.</param>
/// <param name="EstimatedStart">A guess from how long the last of its like ran; null where there is nothing to go by,
/// or what it waits for has no time.</param>
/// <param name="Reasons">What holds it back; <c>ready</c> when nothing does.</param>
internal sealed record WorkExplanationView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid? JobId,
    string State,
    long? Position,
    DateTimeOffset? EstimatedStart,
    IReadOnlyList<ReasonView> Reasons);

/// <summary>One reason. What it does not speak of is left out.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Labels">Labels that nobody has.</param>
/// <param name="Agents">The agents in question, ten at most.</param>
/// <param name="Jobs">The jobs in question as far as the caller may see them, ten at most.</param>
/// <param name="At">Since when, or until when.</param>
/// <param name="Count">How many jobs; with <c>concurrency_limit</c> and <c>rate_limit</c>, how many may run or start.</param>
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
