using System.Diagnostics;
using Fleet.Bench.Measuring;
using Fleet.Bench.Target;

namespace Fleet.Bench.History;

/// <summary>What people ask of lists.</summary>
internal sealed class HistoryQuestions(FleetApi api, FleetApi smallTenant)
{
    public static IEnumerable<string> Names => Questions("").Select(question => question.Name);

    /// <summary>What each question took, in milliseconds.</summary>
    private Dictionary<string, Latencies> Took { get; } = Names.ToDictionary(name => name, _ => new Latencies());

    /// <summary>Each question once.</summary>
    public async Task Ask(string job, bool counts, CancellationToken stop)
    {
        foreach (var (name, isSmall, path) in Questions(job))
        {
            var sent = Stopwatch.GetTimestamp();
            await (isSmall ? smallTenant : api).Read(path, stop);
            if (counts)
                Took[name].Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    public Dictionary<string, double> Figures()
    {
        var figures = new Dictionary<string, double>();
        foreach (var (name, took) in Took)
            took.AddTo(figures, name);
        return figures;
    }

    private static IEnumerable<(string Name, bool OfSmallTenant, string Path)> Questions(string job) =>
    [
        ("first page", false, "/v1/jobs?limit=50"),
        ("job page", false, $"/v1/jobs/{job}"),
        ("label, of 100 jobs", false, "/v1/jobs?label=batch=b7&limit=50"),
        ("label, of a quarter", false, "/v1/jobs?label=env=prod&limit=50"),
        ("agent", false, "/v1/jobs?agent=host-3&limit=50"),
        ("agent and label", false, "/v1/jobs?filter=agent:host-4%20label.env%3Dprod&limit=20"),
        ("state", false, "/v1/jobs?state=failed&limit=50"),
        ("name", false, "/v1/jobs?name=build-9&limit=50"),
        ("until today", false, $"/v1/jobs?until={DateTime.UtcNow:yyyy-MM-dd}&limit=50"),
        ("another tenant's first page", true, "/v1/jobs?limit=2"),
    ];
}
