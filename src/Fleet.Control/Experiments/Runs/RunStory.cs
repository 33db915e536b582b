using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Runs;

/// <summary>What was said of a run.</summary>
internal sealed record RunStory(
    Narrative Narrative, string? Outcome, string? Summary, string? OutcomeBy, DateTimeOffset? OutcomeAt)
{
    public static RunStory Nothing { get; } = new(new Narrative(), null, null, null, null);
}

/// <summary>What somebody wrote about a run.</summary>
internal sealed record RunNote(
    [property: JsonConverter(typeof(WireIdConverter))] Guid NoteId,
    string Author, string Note, DateTimeOffset At);

/// <summary>Why a run was made.</summary>
internal sealed record Narrative(
    string? Hypothesis = null,
    string? Context = null,
    string? Intent = null,
    string? ExpectedOutcome = null,
    string? ExperimentGroup = null,
    IReadOnlyList<string>? Tags = null)
{
    public static Narrative Read(string json) => JsonSerializer.Deserialize<Narrative>(json, FleetJson.Options)!;
}
