using System.Diagnostics;
using Fleet.Bench.Measuring;
using Fleet.Bench.Target;

namespace Fleet.Bench.History;

/// <summary>What people ask of a list, each so many times in turn.</summary>
internal sealed class HistoryQuestions(FleetApi api, FleetApi smallTenant)
{
    public static IEnumerable<string> Names => Questions("").Select(question => question.Name);

    public async Task<Dictionary<string, Latencies>> Ask(string job, int times, CancellationToken stop)
    {
        var took = Questions(job).ToDictionary(question => question.Name, _ => new Latencies());
        for (var i = -5; i < times; i++) // the first ones only warm up
        {
            foreach (var (name, isSmall, path) in Questions(job))
            {
                var sent = Stopwatch.GetTimestamp();
                await (isSmall ? smallTenant : api).Read(path, stop);
                if (i >= 0)
                    took[name].Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }

        return took;
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
        ("until yesterday", false, $"/v1/jobs?until={DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}&limit=50"),
        ("another tenant's first page", true, "/v1/jobs?limit=2"),
    ];
}
