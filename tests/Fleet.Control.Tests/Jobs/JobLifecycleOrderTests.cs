using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Jobs.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Whatever comes twice, late or too early, a job ends once.</summary>
public sealed class JobLifecycleOrderTests(Bench bench) : IClassFixture<Bench>
{
    private const string Agent = "worker-1";

    [Fact]
    public async Task Every_order_of_an_attempts_news_each_once_or_twice_ends_the_job_once()
    {
        var orders = 0;
        foreach (var counts in Counts())
        {
            foreach (var order in Orders(counts))
            {
                orders++;
                await Play(order, succeeds: orders % 2 == 0);
            }
        }

        orders.ShouldBe(6384);
    }

    private async Task Play(string order, bool succeeds)
    {
        using var job = new BenchJob(bench);
        await job.Say(TestJobs.Submission(job.Id));
        await job.Say(new AssignWork(job.Id, JobKinds.Noop, Agent, Guid.NewGuid()));
        foreach (var news in order)
            await job.Say(News(job.Id, news, succeeds));

        job.Row.State.ShouldBe(succeeds ? "Succeeded" : "Failed", order);
        job.Journal.Select(entry => entry.Seq).ShouldBe(Enumerable.Range(1, job.Journal.Count).Select(seq => (long)seq), order);
        job.Journal.Count(entry => entry.IsLast).ShouldBe(1, order);
        job.Journal[^1].IsLast.ShouldBeTrue(order);
        var heard = order[..order.IndexOf('F', StringComparison.Ordinal)];
        job.Journal.Count(entry => entry.IsOutput).ShouldBe(heard.Count(news => news == 'O'), order);
        job.Journal.Count(entry => entry.Type == "progress").ShouldBe(heard.Count(news => news == 'P'), order);
        (job.Row.StartedAt is not null).ShouldBe(heard.Contains('S', StringComparison.Ordinal), order);
    }

    private static IWorkMessage News(Guid job, char news, bool succeeds) => news switch
    {
        'S' => new AttemptStarted(job, JobKinds.Noop, 1, Agent),
        'O' => new AttemptOutput(job, JobKinds.Noop, 1, Agent, [new OutputChunk("stdout", "x"u8.ToArray())]),
        'P' => new AttemptProgressed(job, JobKinds.Noop, 1, Agent, 0.5, "half"),
        _ => new AttemptFinished(job, JobKinds.Noop, 1, Agent, new AttemptResult(
            succeeds ? AttemptOutcome.Succeeded : AttemptOutcome.Failed, succeeds ? 0 : 1)),
    };

    private static IEnumerable<Dictionary<char, int>> Counts() =>
        from started in (int[])[1, 2]
        from output in (int[])[1, 2]
        from progress in (int[])[1, 2]
        from finished in (int[])[1, 2]
        select new Dictionary<char, int> { ['S'] = started, ['O'] = output, ['P'] = progress, ['F'] = finished };

    private static IEnumerable<string> Orders(Dictionary<char, int> left)
    {
        if (left.Values.Sum() == 0)
            yield return "";
        foreach (var news in left.Keys.Where(news => left[news] > 0))
        {
            var rest = new Dictionary<char, int>(left) { [news] = left[news] - 1 };
            foreach (var order in Orders(rest))
                yield return news + order;
        }
    }
}
