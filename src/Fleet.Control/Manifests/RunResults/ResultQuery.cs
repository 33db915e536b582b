using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Protocol.Ids;
using Fleet.Protocol.Patterns;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>Which results are wanted. Patterns look anywhere in a text; where there is none, every text will do.</summary>
/// <param name="Tenant">Null for those of all tenants.</param>
/// <param name="Status">One of <see cref="Statuses"/>; null for all.</param>
internal sealed record ResultQuery(string? Tenant, string? Status, DateTimeOffset? Since)
{
    public const string Success = "success";
    public const string Failure = "failure";
    public const string Running = "running";

    public static IReadOnlyList<string> Statuses { get; } = [Success, Failure, Running];

    public Pattern? Agent { get; init; }

    public Pattern? Manifest { get; init; }

    public Pattern? Execution { get; init; }

    /// <summary>How the wire that asks writes the id of an execution.</summary>
    public Func<Guid, string> WriteId { get; init; } = WireId.Format;

    public Pattern? Stdout { get; init; }

    public Pattern? Stderr { get; init; }

    public bool LooksIntoOutput => Stdout is not null || Stderr is not null;

    /// <summary>Null where the text is empty.</summary>
    /// <exception cref="ProblemException">It is no expression of the dialect; the sentence names it and why.</exception>
    public static Pattern? Read(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            return Pattern.Parse(text);
        }
        catch (PatternException wrong)
        {
            throw new ProblemException(Problem.Invalid(field, $"invalid regex `{text}`: {wrong.Message}") with
            {
                Detail = $"invalid regex `{text}`: {wrong.Message}",
            });
        }
    }

    /// <exception cref="ProblemException">There is no such status.</exception>
    public static string? ReadStatus(string? text) => string.IsNullOrEmpty(text) ? null
        : Statuses.Contains(text) ? text
        : throw new ProblemException(Problem.Invalid("status", $"Use one of {string.Join(", ", Statuses)}."));

    /// <exception cref="ProblemException">It is no time.</exception>
    public static DateTimeOffset? ReadSince(string? text) => string.IsNullOrEmpty(text) ? null : QueryTime.Read("since", text);
}

/// <summary>A result that was found, by its place in the order.</summary>
internal readonly record struct ResultPlace(DateTimeOffset StartedAt, Guid Id);

/// <summary>What was found before the time was over.</summary>
/// <param name="IsWhole">Nothing more is there, or as many as were wanted.</param>
internal sealed record FoundResults(IReadOnlyList<ResultPlace> Places, bool IsWhole);
