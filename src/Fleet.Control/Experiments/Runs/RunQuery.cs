using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Which runs are looked for: all that is given must hold. <c>POST /v1/experiments/find</c>.</summary>
internal sealed class RunQuery
{
    private const int MostText = 500;
    private const int MostMetrics = 20;
    private const int MostFound = 200;

    public string? JobName { get; init; }

    public string? User { get; init; }

    public string? Tag { get; init; }

    public string? Group { get; init; }

    public string? Outcome { get; init; }

    public string? Commit { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Between which numbers the last values of metrics lie, by their names.</summary>
    public Dictionary<string, MetricBounds?>? Metrics { get; init; }

    /// <summary>Looked for in names, narratives, summaries and notes; case does not count.</summary>
    public string? Text { get; init; }

    public int? Limit { get; init; }

    /// <summary><c>next</c> of the answer before.</summary>
    public string? Cursor { get; init; }

    public int Most => Limit ?? 50;

    public Guid? After => Cursor is null ? null : WireId.TryParse(Cursor, out var id) ? id : throw Page.WrongCursor();

    /// <exception cref="ProblemException">Something is wrong; the field is named.</exception>
    public void Check()
    {
        foreach (var (field, text) in (ReadOnlySpan<(string, string?)>)
        [
            ("job_name", JobName), ("user", User), ("tag", Tag), ("group", Group), ("outcome", Outcome), ("commit", Commit), ("text", Text),
        ])
        {
            if (text?.Length > MostText)
                throw new ProblemException(Problem.Invalid(field, $"At most {MostText} characters."));
        }

        if (Limit is < 1 or > MostFound)
            throw new ProblemException(Problem.Invalid("limit", $"This must be a whole number from 1 to {MostFound}."));
        if (Metrics?.Count > MostMetrics)
            throw new ProblemException(Problem.Invalid("metrics", $"At most {MostMetrics} metrics."));
        _ = After;
    }
}

/// <summary>Both ends are in it; null is no end.</summary>
internal sealed record MetricBounds(double? Min = null, double? Max = null);
