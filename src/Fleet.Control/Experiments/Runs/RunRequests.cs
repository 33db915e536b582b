using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Why a run was made: what is given takes the place of what was said, null takes it away, what is left out stays.</summary>
internal sealed class NarrativePatch
{
    public string? Hypothesis { get; init; }

    public string? Context { get; init; }

    public string? Intent { get; init; }

    public string? ExpectedOutcome { get; init; }

    public string? ExperimentGroup { get; init; }

    public List<string?>? Tags { get; init; }

    /// <summary>The fields that are there, as they are written.</summary>
    /// <exception cref="ProblemException">Something is wrong with one of them.</exception>
    public static string Check(ReadOnlySpan<byte> json, bool isStrict)
    {
        var said = isStrict ? JsonBody.Parse<NarrativePatch>(json, Lenient) : JsonBody.ParseKnown<NarrativePatch>(json);
        var rules = new Rules();
        rules.Check(said);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
        return JsonSerializer.Serialize(Given(json, said), FleetJson.Options);
    }

    /// <summary>What is there, also where it is null.</summary>
    private static Dictionary<string, object?> Given(ReadOnlySpan<byte> json, NarrativePatch said)
    {
        var reader = new Utf8JsonReader(json[json.IndexOf((byte)'{')..]);
        using var document = JsonDocument.ParseValue(ref reader);
        var fields = document.RootElement.EnumerateObject().Select(field => field.Name).ToHashSet();
        var values = new Dictionary<string, object?>
        {
            ["hypothesis"] = said.Hypothesis,
            ["context"] = said.Context,
            ["intent"] = said.Intent,
            ["expected_outcome"] = said.ExpectedOutcome,
            ["experiment_group"] = said.ExperimentGroup,
            ["tags"] = said.Tags,
        };
        return values.Where(value => fields.Contains(value.Key)).ToDictionary();
    }

    /// <summary>Strict, but that null is a word: it takes a field away.</summary>
    private static JsonSerializerOptions Lenient { get; } = new(FleetJson.Requests) { RespectNullableAnnotations = false };

    private sealed class Rules() : FieldRules("")
    {
        private const int MostText = 20_000;
        private const int MostName = 200;
        private const int MostTags = 64;

        public void Check(NarrativePatch said)
        {
            Text("hypothesis", said.Hypothesis, MostText);
            Text("context", said.Context, MostText);
            Text("intent", said.Intent, MostText);
            Text("expected_outcome", said.ExpectedOutcome, MostText);
            Text("experiment_group", said.ExperimentGroup, MostName);
            if (said.Tags?.Count > MostTags)
                Refuse("tags", $"At most {MostTags} tags.");
            for (var i = 0; i < said.Tags?.Count; i++)
            {
                if (said.Tags[i] is null or { Length: 0 or > MostName })
                    Refuse($"tags[{i}]", $"This must be a text of 1 to {MostName} characters.");
            }
        }
    }
}

/// <summary>Whether a run held.</summary>
internal sealed class OutcomeRequest
{
    public const string Rule = "must be: validates, refutes, inconclusive, or partial";

    private const int MostSummary = 20_000;
    private static readonly string[] Words = ["validates", "refutes", "inconclusive", "partial"];

    public string? Outcome { get; init; }

    public string? Summary { get; init; }

    public bool HasOutcome => Words.Contains(Outcome);

    /// <exception cref="ProblemException">It is none.</exception>
    public void Check()
    {
        if (!HasOutcome)
            throw new ProblemException(Problem.Invalid("outcome", $"Use one of {string.Join(", ", Words)}."));
        if (Summary?.Length > MostSummary)
            throw new ProblemException(Problem.Invalid("summary", $"At most {MostSummary} characters."));
    }
}

/// <summary>Something to be written about a run.</summary>
internal sealed class NoteBody
{
    private const int MostNote = 65_535;
    private const int MostAuthor = 255;

    public string Note { get; init; } = "";

    /// <summary>The name of the key, where it is left out.</summary>
    public string? Author { get; init; }

    /// <exception cref="ProblemException">There is nothing in it, or too much.</exception>
    public void Check()
    {
        if (Note.Length is 0 or > MostNote)
            throw new ProblemException(Problem.Invalid("note", $"This must have 1 to {MostNote} characters."));
        if (Author?.Length > MostAuthor)
            throw new ProblemException(Problem.Invalid("author", $"At most {MostAuthor} characters."));
    }
}

/// <summary>Which finished runs are to go: <c>POST /v1/experiments/prune</c>.</summary>
internal sealed class PruneBody
{
    private const int MostDays = 36_525;

    /// <summary>How many of the newest finished ones stay.</summary>
    public long? Keep { get; init; }

    public int? OlderThanDays { get; init; }

    public bool DryRun { get; init; }

    /// <exception cref="ProblemException">It says not, or twice, what is to stay.</exception>
    public void Check()
    {
        if (Keep is null == OlderThanDays is null)
            throw new ProblemException(Problem.Invalid("keep", "Give either keep or older_than_days."));
        if (Keep < 0)
            throw new ProblemException(Problem.Invalid("keep", "This must not be negative."));
        if (OlderThanDays is < 0 or > MostDays)
            throw new ProblemException(Problem.Invalid("older_than_days", $"This must be a whole number from 0 to {MostDays}."));
    }
}
