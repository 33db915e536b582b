using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs.Search;

/// <summary>What a search may cost.</summary>
public sealed class JobSearchLimitTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_search_that_takes_too_long_tells_what_it_found_and_goes_on_from_there()
    {
        await using var control = await Start(1);
        var search = new WorkSearch(
            control.Get<SearchDatabase>(), control.Get<PendingDemands>(), control.Get<SearchSettings>(), new HastyClock());
        var writer = await Write(control, "needle");
        await _house.Multiply(await control.Submit(), 5000);
        var (found, partial, pages) = (new List<Guid>(), 0, 0);
        Guid? after = null;
        do
        {
            var page = await search.Find(Choice("output~^needle$"), after, 50, CancellationToken.None);
            found.AddRange(page.Items.Select(job => job.Id));
            partial += page.IsPartial ? 1 : 0;
            pages++;
            after = page.Next;
        }
        while (after is not null);
        found.ShouldBe([writer]);
        partial.ShouldBe(pages - 1);
        partial.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_hostile_expression_ends_at_its_time_limit_and_leaves_its_connection_to_others()
    {
        await using var control = await Start(1);
        await Write(control, new string('a', 20_000) + "b");
        const string Hostile = @"output~""^(.*)(.*)(.*)(.*)\\4\\3\\2\\1$""";
        var searches = Enumerable.Range(0, 4)
            .Select(_ => control.Get<WorkSearch>().Find(Choice(Hostile), null, 50, CancellationToken.None)).ToList();
        foreach (var search in searches)
        {
            (await Should.ThrowAsync<ProblemException>(() => search.Within())).Problem.ShouldSatisfyAllConditions(
                problem => problem.Status.ShouldBe(422),
                problem => problem.Code.ShouldBe("search_timeout"));
        }

        (await control.Get<WorkSearch>().Find(Choice("output~b$"), null, 50, CancellationToken.None)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_search_that_its_caller_gives_up_makes_room()
    {
        await using var control = await Start(60);
        await Write(control, new string('a', 20_000) + "b");
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        await Should.ThrowAsync<OperationCanceledException>(() => control.Get<WorkSearch>().Find(
            Choice(@"output~""^(.*)(.*)(.*)(.*)\\4\\3\\2\\1$"""), null, 50, enough.Token)).Within();
        (await control.Get<WorkSearch>().Find(Choice("output~b$"), null, 50, CancellationToken.None).Within())
            .Items.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task After_a_restart_of_the_database_the_first_question_is_answered()
    {
        await using var control = await Start(5);
        await Write(control, "text");
        foreach (var filter in (string[])["state:running", "output~text"])
        {
            await control.Get<WorkSearch>().Find(Choice(filter), null, 50, CancellationToken.None);
            await _house.EndConnections();
            (await control.Get<WorkSearch>().Find(Choice(filter), null, 50, CancellationToken.None)).Items.Count.ShouldBe(1);
        }
    }

    private Task<TestControl> Start(double limit) => TestControl.Start(
        _house, services => services.AddSingleton(new SearchSettings { TimeLimitSeconds = limit, AtOnce = 1 }));

    private static WorkChoice Choice(string filter) =>
        new(new WorkVocabulary(TestKinds.New()).Read(filter), null, "job", TimeProvider.System.GetUtcNow());

    private static async Task<Guid> Write(TestControl control, string text)
    {
        var job = await control.Run();
        await control.Raise(job, new AttemptOutput(job, JobKinds.Noop, 1, "worker-1", [new OutputChunk("stdout", Encoding.UTF8.GetBytes(text))]));
        return job;
    }

    /// <summary>40 ms are over whenever somebody looks.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Add(ref _now, 40);
    }
}
