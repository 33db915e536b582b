using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>A value of a metric, as it is said over HTTP.</summary>
internal sealed class MetricPointRequest
{
    /// <summary>What a name must be.</summary>
    public const string Rule = "This must be a name of 1 to 250 characters on one line, without parts `.` and `..` between slashes.";

    private const int MostName = 250;
    private static readonly DateTimeOffset Latest = DateTimeOffset.UnixEpoch.AddYears(1000);

    public string Name { get; init; } = "";

    [JsonConverter(typeof(MetricNumberConverter))]
    public double Value { get; init; }

    public long? Step { get; init; }

    /// <summary>Now, where it is left out.</summary>
    public DateTimeOffset? At { get; init; }

    public void Check(string field)
    {
        if (!IsName(Name))
            throw new ProblemException(Problem.Invalid($"{field}.name", Rule));
        if (Step is < 0)
            throw new ProblemException(Problem.Invalid($"{field}.step", "This must not be negative."));
        if (At < DateTimeOffset.UnixEpoch || At > Latest)
            throw new ProblemException(Problem.Invalid($"{field}.at", "This must lie between 1970 and 2970."));
    }

    /// <summary>Whether it may name a series, and can stand in a path: no part of it is <c>.</c> or <c>..</c>.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MostName && !name.Any(char.IsControl) && !name.Split('/').Any(part => part is "." or "..");

    public NamedPoint Read(DateTimeOffset now) => new(Name, new Point(Step, At ?? now, Value));
}

/// <summary>Points that a client measured: <c>POST /v1/jobs/{id}/metrics</c>.</summary>
internal sealed class MetricsRequest
{
    private const int Most = 100_000;

    public List<MetricPointRequest?> Points { get; init; } = [];

    public void Check()
    {
        if (Points.Count is 0 or > Most)
            throw new ProblemException(Problem.Invalid("points", $"A list of 1 to {Most} points."));
        for (var i = 0; i < Points.Count; i++)
            (Points[i] ?? throw new ProblemException(Problem.Invalid($"points[{i}]", "This must not be null."))).Check($"points[{i}]");
    }

    public IReadOnlyList<NamedPoint> Read(DateTimeOffset now) => Points.ConvertAll(point => point!.Read(now));
}

/// <summary>Points that an attempt measured, in numbered batches: each counts once.</summary>
internal sealed class AttemptMetrics
{
    public long Number { get; init; }

    public List<MetricPointRequest?> Points { get; init; } = [];

    public void Check()
    {
        if (Number < 1)
            throw new ProblemException(Problem.Invalid("number", "Batches are numbered from 1."));
        new MetricsRequest { Points = Points }.Check();
        for (var i = 0; i < Points.Count; i++)
        {
            if (Points[i]!.At is null)
                throw new ProblemException(Problem.Invalid($"points[{i}].at", "This is needed."));
        }
    }

    public IReadOnlyList<NamedPoint> Read() => Points.ConvertAll(point => point!.Read(default));
}
