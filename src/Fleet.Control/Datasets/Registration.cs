using System.Text.Json.Serialization;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Requests;

namespace Fleet.Control.Datasets;

/// <summary>A dataset, as clients register it.</summary>
internal sealed class Registration
{
    public string Name { get; init; } = "";

    /// <summary>Where agents fetch it: http or https.</summary>
    public string Url { get; init; } = "";

    /// <summary>64 hex digits; what agents fetch must have this digest.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Bytes.</summary>
    public long? Size { get; init; }

    public string? Description { get; init; }

    /// <exception cref="ProblemException">Something is wrong; the fields are named.</exception>
    public void Check()
    {
        var rules = new Rules();
        rules.Check(this);
        if (rules.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(rules.Wrong));
    }

    private sealed class Rules() : FieldRules("")
    {
        private const int MostUrl = 2000;
        private const int MostText = 2000;
        private const int Digits = 64;

        public void Check(Registration wanted)
        {
            if (!DatasetName.IsName(wanted.Name))
                Refuse("name", DatasetName.Rule);
            if (wanted.Url.Length > MostUrl || !HttpUrl.TryRead(wanted.Url, out _))
                Refuse("url", $"This must be an absolute http or https URL without a user, of at most {MostUrl} characters.");
            if (wanted.Sha256 is { } sha && (sha.Length != Digits || !sha.All(char.IsAsciiHexDigit)))
                Refuse("sha256", $"This must be {Digits} hex digits.");
            if (wanted.Size < 0)
                Refuse("size", "This must not be negative.");
            Text("description", wanted.Description, MostText);
        }
    }
}

/// <summary>A dataset as clients see it.</summary>
/// <param name="Uses">How many runs named it, as far as they are there.</param>
internal sealed record DatasetView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid DatasetId,
    string Name,
    string Url,
    string? Sha256,
    long? Size,
    string? Description,
    long Uses,
    DateTimeOffset CreatedAt,
    string CreatedBy);
