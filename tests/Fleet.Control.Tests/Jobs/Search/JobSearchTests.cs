using System.Text;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Filters;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Jobs.Search;

/// <summary>What filters find in the tables.</summary>
public sealed class JobSearchTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _tenant = $"t{Guid.NewGuid():n}";
    private readonly Dictionary<Guid, string> _names = [];
    private TestControl _control = null!;
    private long _written;

    public async Task InitializeAsync()
    {
        _control = TestControl.On(house);
        await Add("old", job => (job.State, job.ExitCode, job.Agent) = ("Succeeded", 0, "web-1"), age: TimeSpan.FromDays(40));
        await Add("bad", job =>
        {
            (job.State, job.ExitCode, job.ErrorCode, job.Agent) = ("Failed", 3, "exit_code", "web-2");
            (job.Labels, job.Priority, job.Attempt) = ("{\"env\":\"prod\",\"a b\":\"1\"}", 7, 2);
        });
        await Add("killed", job =>
            (job.State, job.Signal, job.Agent, job.Kind) = ("Cancelled", "SIGKILL", "db%1", "command"));
        await Add("waits", job =>
        {
            (job.State, job.TargetAgent, job.QueueKey) = ("Queued", "web-1", "config");
            (job.Labels, job.FairnessKey) = ("{\"env\":\"test\"}", "team-a");
        });
        await Add("runs", job => (job.State, job.Agent, job.ConcurrencyKey) = ("Running", "web_1", "config"));
        await Write("bad", "stdout", "first line\n", "second: java.lang.Out", "OfMemoryError\nthird");
        await Write("bad", "stderr", "only here");
        await Write("killed", "stdout", [0x66, 0xFF, 0x6F, 0x6F]);
        await Write("runs", "stdout", [0x61, 0x00, 0x62, 0x5C, 0x63]);
        await Write("waits", "stdout", "grüße ✓ 日本");
    }

    public async Task DisposeAsync() => await _control.DisposeAsync();

    [Theory]
    [InlineData("", "runs waits killed bad old")]
    [InlineData("state:failed", "bad")]
    [InlineData("state:failed,queued", "waits bad")]
    [InlineData("state!=failed,queued", "runs killed old")]
    [InlineData("NOT state:failed", "runs waits killed old")]
    [InlineData("kind:command", "killed")]
    [InlineData("name:bad,old", "bad old")]
    [InlineData("name:*a*", "waits bad")]
    [InlineData("name~^.a", "waits bad")]
    [InlineData("name~\"(?i)^BAD$\"", "bad")]
    [InlineData("name!~a", "runs killed old")]
    [InlineData("agent:web-*", "bad old")]
    [InlineData("agent:web*", "runs bad old")]
    [InlineData("agent:db%*", "killed")]
    [InlineData("agent:none", "waits")]
    [InlineData("agent:*", "runs killed bad old")]
    [InlineData("agent!=web-1", "runs killed bad")]
    [InlineData("NOT agent:web-1", "runs waits killed bad")]
    [InlineData("agent:none,web-1", "waits old")]
    [InlineData("target:web-1", "waits")]
    [InlineData("label.env=prod", "bad")]
    [InlineData("label.env:prod,test", "waits bad")]
    [InlineData("label.env:p*", "bad")]
    [InlineData("label.env:*", "waits bad")]
    [InlineData("label.env:none", "runs killed old")]
    [InlineData("label.env!=prod", "waits")]
    [InlineData("label.env~^t", "waits")]
    [InlineData("label.\"a b\"=1", "bad")]
    [InlineData("NOT label.env=prod", "runs waits killed old")]
    [InlineData("key:config", "runs waits")]
    [InlineData("key:team-a", "waits")]
    [InlineData("key:none", "killed bad old")]
    [InlineData("key!=config", "")]
    [InlineData("queue_key:config", "waits")]
    [InlineData("concurrency_key:config", "runs")]
    [InlineData("fairness_key~team", "waits")]
    [InlineData("sequence_key:*", "")]
    [InlineData("exit:0", "old")]
    [InlineData("exit!=0", "bad")]
    [InlineData("exit:!=0", "bad")]
    [InlineData("NOT exit:0", "runs waits killed bad")]
    [InlineData("exit:none", "runs waits killed")]
    [InlineData("exit>=0 exit<3", "old")]
    [InlineData("exit:0,3", "bad old")]
    [InlineData("error:exit_code", "bad")]
    [InlineData("signal:SIGKILL", "killed")]
    [InlineData("attempts>1", "bad")]
    [InlineData("priority>5", "bad")]
    [InlineData("offline:wait", "runs waits killed bad old")]
    [InlineData("created<1d", "runs waits killed bad")]
    [InlineData("created>30d", "old")]
    [InlineData("created>=2026-06-01", "runs waits killed bad")]
    [InlineData("created<2026-06-01", "old")]
    [InlineData("finished:none", "runs waits")]
    [InlineData("finished<1h", "killed bad")]
    [InlineData("finished>1h", "old")]
    [InlineData("started:*", "")]
    [InlineData("state:queued OR state:running", "runs waits")]
    [InlineData("(state:queued OR agent:web-2) NOT label.env=prod", "waits")]
    [InlineData("name:\"' or true --\"", "")]
    [InlineData("label.\"'}' or true --\":x", "")]
    [InlineData("output~OutOfMemory", "bad")]
    [InlineData("output~\"java.*third\"", "")]
    [InlineData("output~\"Error\\nthird\"", "bad")]
    [InlineData("output~^third$", "bad")]
    [InlineData("output~\"lineX\",\"only here\"", "bad")]
    [InlineData("stdout~\"only here\"", "")]
    [InlineData("stderr~\"only here\"", "bad")]
    [InlineData("NOT output~OutOfMemory state:failed,cancelled", "killed")]
    [InlineData("output!~OutOfMemory state:failed,cancelled", "killed")]
    [InlineData("output~^f.oo$", "killed")]
    [InlineData("output~\"a\\\\\\\\000b\\\\\\\\c\"", "runs")]
    [InlineData("output~\"✓ 日.$\"", "waits")]
    public async Task A_filter_finds_what_it_names(string filter, string names) =>
        (await Find(filter)).ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), filter);

    [Fact]
    public async Task An_id_is_found()
    {
        var (id, name) = _names.First();
        (await Find($"id:{WireId.Format(id)}")).ShouldBe([name]);
    }

    [Fact]
    public async Task A_time_before_all_others_can_be_asked_for()
    {
        (await Find("created>0001-01-01 name:bad")).ShouldBe(["bad"]);
    }

    [Fact]
    public async Task Another_tenant_finds_nothing() => (await Search.Find(
        new WorkChoice(Read("name:bad"), "another", "job", Now), null, 10, CancellationToken.None)).Items.ShouldBeEmpty();

    [Theory]
    [InlineData("name~\"(\"", "parentheses")]
    [InlineData("output~\"a{99999}\"", "repetition")]
    public async Task A_wrong_expression_is_named_even_where_nothing_is_compared(string filter, string words)
    {
        var refused = await Should.ThrowAsync<ProblemException>(() => Search.Find(
            new WorkChoice(Read("state:expired " + filter), "nobody", "job", Now), null, 10, CancellationToken.None));
        refused.Problem.Status.ShouldBe(400);
        refused.Problem.Errors["filter"][0].ShouldContain(words);
    }

    [Fact]
    public async Task An_expression_that_grows_without_end_is_refused_as_wrong_or_as_too_slow()
    {
        const string Bomb = "output~\"((((((((a|b){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}\"";
        var refused = await Should.ThrowAsync<ProblemException>(() => Search.Find(Choice(Bomb), null, 10, CancellationToken.None));
        refused.Problem.Code.ShouldBeOneOf("invalid_field", "search_timeout");
    }

    [Fact]
    public async Task Pages_of_a_search_follow_each_other()
    {
        var found = new List<string>();
        Guid? after = null;
        do
        {
            var page = await Search.Find(Choice("name~."), after, 2, CancellationToken.None);
            page.Items.Count.ShouldBeLessThanOrEqualTo(2);
            page.IsPartial.ShouldBeFalse();
            found.AddRange(page.Items.Select(job => _names[job.Id]));
            after = page.Next;
        }
        while (after is not null);
        found.ShouldBe(["runs", "waits", "killed", "bad", "old"]);
    }

    [Fact]
    public async Task A_count_tells_states_and_shows_some()
    {
        var count = await Search.Count(Choice("name~."), CancellationToken.None);
        count.ShouldSatisfyAllConditions(
            () => count.Count.ShouldBe(5),
            () => count.IsExact.ShouldBeTrue(),
            () => count.States["Queued"].ShouldBe(1),
            () => count.Newest.Select(job => _names[job.Id]).ShouldBe(["runs", "waits", "killed", "bad", "old"]));
    }

    [Fact]
    public async Task Of_a_long_output_both_ends_are_searched()
    {
        await using var control = TestControl.On(
            house, services => services.AddSingleton(new SearchSettings { OutputBytes = 2048 }));
        await Add("long", job => job.State = "Succeeded");
        await Write("long", "stdout", "begin", new string('x', 3000), "middle", new string('y', 3000), "finish");
        var search = control.Get<WorkSearch>();
        (await search.Find(Choice("output~begin name:long"), null, 1, CancellationToken.None)).Items.Count.ShouldBe(1);
        (await search.Find(Choice("output~finish name:long"), null, 1, CancellationToken.None)).Items.Count.ShouldBe(1);
        (await search.Find(Choice("output~middle name:long"), null, 1, CancellationToken.None)).Items.ShouldBeEmpty();
    }

    private WorkSearch Search => _control.Get<WorkSearch>();

    private WorkChoice Choice(string filter) => new(Read(filter), _tenant, "job", Now);

    private static Filter Read(string filter) => new WorkVocabulary(TestKinds.New()).Read(filter);

    private async Task<string[]> Find(string filter)
    {
        var found = await Search.Find(Choice(filter), null, 50, CancellationToken.None);
        found.Next.ShouldBeNull();
        return [.. found.Items.Select(job => _names[job.Id])];
    }

    private async Task Add(string name, Action<Job> fill, TimeSpan age = default)
    {
        var at = Now - age + TimeSpan.FromSeconds(-60 + _names.Count);
        var job = new Job
        {
            CorrelationId = Guid.CreateVersion7(at),
            State = "Queued",
            Tenant = _tenant,
            Kind = "noop",
            Name = name,
            Spec = "{}",
            CreatedAt = at,
            Priority = 5,
        };
        fill(job);
        if (WorkStates.IsOver(job.State))
            job.FinishedAt = at;
        await house.Store(job);
        _names[job.CorrelationId] = name;
    }

    private Task Write(string name, string stream, params string[] chunks) =>
        Write(name, stream, [.. chunks.Select(Encoding.UTF8.GetBytes)]);

    private Task Write(string name, string stream, byte[] chunk) => Write(name, stream, [chunk]);

    private async Task Write(string name, string stream, byte[][] chunks)
    {
        var job = _names.Single(pair => pair.Value == name).Key;
        await using var db = house.Db();
        foreach (var chunk in chunks)
            db.Add(new JournalEntry(job, ++_written, stream, 1, Now, null, chunk));
        await db.SaveChangesAsync();
    }
}
