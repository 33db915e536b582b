using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Xunit.Abstractions;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>Limits per key and fair shares, with the dispatcher on a real database.</summary>
public sealed class LimitTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Within this the dispatcher looks though nobody calls it.</summary>
    private static readonly TimeSpan RoundAnyway = TimeSpan.FromSeconds(1.2);

    private readonly DatabaseFixture _house = new();
    private readonly TestAgents _agents = new();

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        await _house.Do(
            """
            create table steps (n bigserial, key uuid, change int);
            create function note() returns trigger language plpgsql as $note$
            declare was bool := coalesce(old.state in ('Assigned', 'Running', 'Cancelling'), false);
                    now_is bool := coalesce(new.state in ('Assigned', 'Running', 'Cancelling'), false);
            begin
                if was <> now_is then
                    insert into steps (key, change)
                    select key, case when now_is then 1 else -1 end
                    from unnest(array[coalesce(new.concurrency_id, old.concurrency_id), coalesce(new.sequence_id, old.sequence_id)]) key
                    where key is not null;
                end if;
                return null;
            end $note$;
            create trigger note after insert or update or delete on work_state for each row execute function note()
            """);
    }

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Nothing_runs_beside_what_has_its_key_alone()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await Dispatching();
        var together = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100);
        await control.Submit(Jobs(2, together));
        await Eventually.True(async () => (await InHand()).Count == 2, "two run beside each other");
        await control.Submit(Jobs(1, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0)));
        await Eventually.StaysTrue(async () => (await InHand()).Count == 2, TimeSpan.FromMilliseconds(50), "it waits for both");
        foreach (var job in await InHand())
            await Finish(control, job);
        await Eventually.True(async () => (await InHand()).Count == 1, "it runs");
        await control.Submit(Jobs(2, together));
        await Eventually.StaysTrue(async () => (await InHand()).Count == 1, TimeSpan.FromMilliseconds(50), "the others wait for it");
        foreach (var job in await InHand())
            await Finish(control, job);
        await Eventually.True(async () => (await InHand()).Count == 2, "they run");
    }

    [Fact]
    public async Task What_wants_its_key_alone_gets_its_turn_however_others_overlap()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await Dispatching();
        var together = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100);
        await control.Submit(Jobs(1, together));
        await Eventually.True(async () => (await InHand()).Count == 1, "the first runs");
        var prune = Jobs(1, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0));
        await control.Submit(prune);
        for (var more = 0; more < 3; more++)
            await control.Submit(Jobs(1, together)); // each would begin before the one before it ends
        await control.Submit(Jobs(1, new QueueTerms(ConcurrencyKey: "other", ConcurrencyLimit: 100)));
        await Eventually.True(async () => (await InHand()).Count == 2, "what has another key runs");
        await Eventually.StaysTrue(async () => (await InHand()).Count == 2, RoundAnyway, "what overlaps waits");
        foreach (var job in await InHand())
            await Finish(control, job);
        await Eventually.True(async () => (await InHand()) is [var only] && only.CorrelationId == prune[0].WorkId, "it has its turn");
        await Finish(control, (await InHand())[0]);
        await Eventually.True(async () => (await InHand()).Count == 3, "the others follow");
    }

    [Fact]
    public async Task What_no_agent_could_take_keeps_nobody_waiting()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await Dispatching();
        await control.Submit([.. Jobs(1, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0))
            .Select(job => job with { Target = new WorkTarget("nobody", new Dictionary<string, string>()) })]);
        await control.Submit(Jobs(2, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100)));
        await Eventually.True(async () => (await InHand()).Count == 2, "they run");
    }

    [Fact]
    public async Task What_waits_for_a_slot_that_others_have_keeps_nobody_of_its_key_waiting()
    {
        _agents.Add("worker-1", slots: 1);
        _agents.Add("worker-2", slots: 10);
        await using var control = await Dispatching();
        var busy = Jobs(1, new QueueTerms(ConcurrencyKey: "other", ConcurrencyLimit: 100), agent: "worker-1");
        await control.Submit(busy);
        await Eventually.True(async () => (await InHand()).Count == 1, "the slot is taken");
        var prune = Jobs(1, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0), agent: "worker-1");
        await control.Submit(prune);
        await control.Submit(Jobs(2, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100), agent: "worker-2"));
        await Eventually.True(async () => (await InHand()).Count == 3, "the others of its key run");
        foreach (var job in await InHand())
            await Finish(control, job);
        await Eventually.True(async () => (await InHand()) is [var only] && only.CorrelationId == prune[0].WorkId, "it has its turn");
    }

    [Fact]
    public async Task What_has_waited_too_long_for_a_slot_that_others_have_reserves_its_key()
    {
        _agents.Add("worker-1", slots: 1);
        _agents.Add("worker-2", slots: 10);
        await using var control = await Dispatching();
        var (together, others) = (new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100), new QueueTerms(ConcurrencyKey: "o", ConcurrencyLimit: 100));
        var overlapping = Jobs(1, together, agent: "worker-2");
        await control.Submit([.. Jobs(1, others, agent: "worker-1"), .. overlapping]);
        await Eventually.True(async () => (await InHand()).Count == 2, "the only slot is taken, and so is the key");
        var prune = Jobs(1, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0), agent: "worker-1");
        await control.Submit(prune);
        await _house.Do($"update work_state set created_at = created_at - interval '2 minutes' where id = '{prune[0].WorkId}'");
        await control.Submit([.. Jobs(3, others, agent: "worker-1"), .. Jobs(2, together, agent: "worker-2")]);
        await Eventually.StaysTrue(async () => (await InHand()).Count == 2, RoundAnyway, "no more of its key begins");
        await Finish(control, (await InHand()).Single(job => job.CorrelationId == overlapping[0].WorkId));
        await Eventually.StaysTrue(async () => (await InHand()).Count == 1, RoundAnyway, "the key waits for the slot");
        await Finish(control, (await InHand()).Single());
        await Eventually.True(async () => (await InHand()) is [var only] && only.CorrelationId == prune[0].WorkId, "it has its turn");
        await Finish(control, (await InHand()).Single());
        await Eventually.True(async () => (await InHand()).Count == 3, "all others go on");
    }

    [Fact]
    public async Task What_is_of_a_kind_that_nobody_here_knows_keeps_nobody_waiting()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await TestControl.Start(_house, _agents.Install);
        var strange = Jobs(1, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 0));
        await control.Submit(strange);
        await _house.Do($"""update work_state set demand = '["unheard","noop",null]' where id = '{strange[0].WorkId}'""");
        await control.Submit(Jobs(2, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 100)));
        await Lead(control);
        await Eventually.True(async () => (await InHand()).Count == 2, "they run");
    }

    [Fact]
    public async Task No_more_than_the_limit_run_and_the_limit_is_used()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await Dispatching();
        await control.Submit(Jobs(12, new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 3)));
        for (var left = 12; left > 0; left -= 3)
        {
            await Eventually.True(async () => (await InHand()).Count == 3, "three run");
            await Eventually.StaysTrue(
                async () => (await InHand()).Count == 3, TimeSpan.FromMilliseconds(50), "no more than three run");
            foreach (var job in await InHand())
                await Finish(control, job);
        }

        (await MostAtOnce()).ShouldBe(3);
    }

    [Fact]
    public async Task With_two_processes_that_take_turns_never_one_too_many_runs()
    {
        _agents.Add("worker-1", slots: 50);
        await using var one = await Dispatching();
        await using var other = await TestControl.Start(_house, _agents.Install);
        await other.Start<Leadership>();
        await other.Start<Dispatcher>();
        var submitting = Task.WhenAll(Enumerable.Range(0, 120).Select(i => (i % 2 == 0 ? one : other).Submit(
            Jobs(1, new QueueTerms(ConcurrencyKey: $"k{i % 3}", ConcurrencyLimit: 2)))));
        for (var done = 0; done < 120;)
        {
            if (done >= 40 && one.Get<Leadership>().IsMine)
                await one.Stop<Leadership>();
            foreach (var job in await InHand())
            {
                await Finish(done % 2 == 0 ? one : other, job);
                done++;
            }

            (await InHand()).GroupBy(job => job.ConcurrencyKey).ShouldAllBe(key => key.Count() <= 2);
        }

        await submitting;
        (await MostAtOnce()).ShouldBe(2);
        (await _house.Ask<long>("select count(*) from work_rows where state = 'Succeeded' and attempt = 1")).ShouldBe(120);
    }

    [Fact]
    public async Task No_more_of_a_key_start_than_its_rate_allows_in_any_stretch_of_time()
    {
        _agents.Add("worker-1", slots: 50);
        await using var control = await Dispatching();
        await control.Submit(Jobs(7, new QueueTerms(RateKey: "r", RateLimit: 3, RateSeconds: 2)));
        await Eventually.True(async () => (await InHand()).Count == 7, "all have started");
        var starts = (await InHand()).Select(job => job.AssignedAt!.Value).Order().ToList();
        for (var i = 3; i < starts.Count; i++)
            (starts[i] - starts[i - 3]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_process_that_takes_over_knows_what_started_before()
    {
        _agents.Add("worker-1", slots: 50);
        var terms = new QueueTerms(RateKey: "r", RateLimit: 2, RateSeconds: 3600);
        await using (var one = await Dispatching())
        {
            await one.Submit(Jobs(1, terms));
            await Eventually.True(async () => (await InHand()).Count == 1, "the first has started");
            await Finish(one, (await InHand()).Single());
        }

        await using var other = await Dispatching();
        await other.Submit(Jobs(5, terms));
        var free = await other.Submit();
        await Eventually.True(async () => (await InHand()).Count >= 2, "one more of the key, and one without");
        await Eventually.StaysTrue(
            async () => (await InHand()).Count(job => job.RateKey == "r") == 1, RoundAnyway, "one of the key runs");
        (await _house.Job(free)).State.ShouldBe("Assigned");
    }

    [Fact]
    public async Task Nothing_that_is_frozen_starts_and_all_of_it_does_afterwards()
    {
        _agents.Add("worker-1", slots: 50);
        await using var control = await Dispatching();
        var freezes = control.Get<FreezeStore>();
        await freezes.Put(new Freeze { Name = "all", By = "a test", At = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        await Eventually.True(() => freezes.Hold(DemandKey.Read("""["noop","noop",null]""")), "the dispatcher knows");
        await control.Submit(Jobs(3, new QueueTerms()));
        await Eventually.StaysTrue(async () => (await InHand()).Count == 0, RoundAnyway, "nothing starts");
        await freezes.Remove("default", "all", CancellationToken.None);
        await Eventually.True(async () => (await InHand()).Count == 3, "they run");
    }

    [Fact]
    public async Task A_sequence_runs_one_at_a_time_in_the_order_of_acceptance_whatever_the_priority_or_target()
    {
        _agents.Add("worker-1", slots: 10);
        _agents.Add("worker-2", slots: 10);
        await using var control = await Dispatching();
        var jobs = Jobs(12, new QueueTerms(SequenceKey: "s")).Select((job, i) => job with
        {
            Priority = i % 10,
            Target = job.Target with { Agent = i % 3 == 0 ? "worker-2" : null },
        }).ToArray();
        await control.Submit(jobs);
        foreach (var expected in jobs)
        {
            await Eventually.True(async () => (await InHand()).Count == 1, "one runs");
            var job = (await InHand()).Single();
            job.CorrelationId.ShouldBe(expected.WorkId);
            await Finish(control, job);
        }

        (await MostAtOnce()).ShouldBe(1);
    }

    [Fact]
    public async Task The_first_of_a_sequence_starts_in_the_transaction_that_accepts_it()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await Dispatching();
        var jobs = Jobs(3, new QueueTerms(SequenceKey: "s"));
        await control.Submit(jobs[0]);
        (await _house.Job(jobs[0].WorkId)).State.ShouldBe("Assigned");
        await control.Submit(jobs[1]);
        (await _house.Job(jobs[1].WorkId)).State.ShouldBe("Queued", "the first has not ended");
        await Finish(control, (await InHand()).Single());
        await Eventually.True(async () => (await _house.Job(jobs[1].WorkId)).State == "Assigned", "the second runs");
        await Finish(control, (await InHand()).Single());
        await control.Submit(jobs[2]);
        (await _house.Job(jobs[2].WorkId)).State.ShouldBe("Assigned", "nothing is before it any more");
    }

    [Fact]
    public async Task A_sequence_waits_for_its_first_while_that_pauses_and_goes_on_when_it_is_cancelled()
    {
        _agents.Add("worker-1", slots: 10);
        await using var control = await Dispatching();
        var first = TestJobs.Submission(Guid.CreateVersion7(), maxAttempts: 9) with { Terms = new QueueTerms(SequenceKey: "s") };
        await control.Submit(first);
        await Eventually.True(async () => (await InHand()).Count == 1, "the first runs");
        var second = Jobs(1, new QueueTerms(SequenceKey: "s"));
        await control.Submit(second);
        await control.Raise(first.WorkId, new AttemptStarted(first.WorkId, JobKinds.Noop, 1, "worker-1"));
        await control.Raise(
            first.WorkId, new AttemptFinished(first.WorkId, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Failed, 1)));
        var marker = await control.Submit();
        await Eventually.True(async () => (await _house.Job(marker)).State == "Assigned", "another was assigned");
        await Eventually.StaysTrue(
            async () => (await _house.Job(second[0].WorkId)).State == "Queued", TimeSpan.FromMilliseconds(100), "the second waits");
        await control.Raise(first.WorkId, new CancelWork(first.WorkId, JobKinds.Noop, "somebody"));
        await Eventually.True(async () => (await _house.Job(second[0].WorkId)).State == "Assigned", "the second runs");
    }

    [Fact]
    public async Task Work_behind_a_full_key_does_not_wait_for_it()
    {
        _agents.Add("worker-1", slots: 4);
        await using var control = await Dispatching();
        await control.Submit(Jobs(600, new QueueTerms(ConcurrencyKey: "full", ConcurrencyLimit: 1), priority: 9));
        await Eventually.True(async () => (await InHand()).Count == 1, "one of the key runs");
        var others = Jobs(2, new QueueTerms(ConcurrencyKey: "other", ConcurrencyLimit: 2));
        await control.Submit(others);
        await Eventually.True(async () => (await InHand()).Count == 3, "the others run");
        await Eventually.True(() => !control.Get<SlotLedger>().HasWaiting, "nothing waits for a slot");
        var free = await control.Submit();
        (await _house.Job(free)).State.ShouldBe("Assigned", "a free slot is given in the transaction that accepts the job");
    }

    [Fact]
    public async Task Behind_a_hundred_thousand_queued_jobs_of_one_key_nobody_walks_through_them()
    {
        _agents.Add("worker-1", slots: 12);
        await using var control = await Dispatching();
        var terms = new QueueTerms(ConcurrencyKey: "big", ConcurrencyLimit: 2);
        await control.Submit(Jobs(300, terms, priority: 9));
        await Eventually.True(async () => (await InHand()).Count == 2, "two run");
        await _house.Multiply(
            await _house.Ask<Guid>("select id from work_rows where concurrency_key = 'big' order by queue_rank desc, id desc limit 1"),
            100_000);
        (await _house.Ask<long>("select count(*) from work_waiting")).ShouldBeGreaterThan(100_000);
        await _house.Do("analyze work, work_state");
        var before = await RowsRead();
        await StartOthers(control);
        await FinishOneByOne(control);
        var read = await RowsRead() - before;
        output.WriteLine($"{read} rows of what waits were read.");
        read.ShouldBeLessThan(50_000, "seventy starts and ends read less than one walk through all that waits");
        (await MostAtOnce()).ShouldBeLessThanOrEqualTo(10);
        (await InHand()).Count(job => job.ConcurrencyKey == "big").ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_job_that_finds_its_key_crowded_does_not_overtake()
    {
        _agents.Add("worker-1", slots: 4);
        await using var control = await Dispatching();
        var terms = new QueueTerms(ConcurrencyKey: "k", ConcurrencyLimit: 1);
        var jobs = Jobs(5, terms);
        foreach (var job in jobs)
            await control.Submit(job);
        foreach (var expected in jobs)
        {
            await Eventually.True(async () => (await InHand()).Count == 1, "one runs");
            (await InHand()).Single().CorrelationId.ShouldBe(expected.WorkId);
            // the end of one and the arrival of another in one transaction
            await Task.WhenAll(Finish(control, (await InHand()).Single()), control.Submit(Jobs(1, terms)));
        }
    }

    [Fact]
    public async Task Shares_get_equal_parts_however_much_one_of_them_has_waiting()
    {
        _agents.Add("worker-1", slots: 6);
        await using var control = await TestControl.Start(_house, _agents.Install);
        await control.Submit(Jobs(200, new QueueTerms(FairnessKey: "big"), priority: 9));
        await control.Submit(Jobs(50, new QueueTerms(FairnessKey: "small"), priority: 0));
        await control.Submit([.. Jobs(2, new QueueTerms()).Select(job => job with { Tenant = "another" })]);
        await Lead(control);
        await Eventually.True(async () => (await InHand()).Count == 6, "all slots are taken");
        (await InHand()).GroupBy(job => job.FairnessKey ?? job.Tenant).ToDictionary(share => share.Key, share => share.Count())
            .ShouldBe(new Dictionary<string, int> { ["big"] = 2, ["small"] = 2, ["another"] = 2 }, ignoreOrder: true);
    }

    private static SubmitWork[] Jobs(int count, QueueTerms terms, int priority = 5, string? agent = null) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).Order()
            .Select(id => TestJobs.Submission(id, priority: priority, agent: agent) with { Terms = terms }),
    ];

    private static Task Finish(TestControl control, Job job) => control.Raise(
        job.CorrelationId,
        new AttemptFinished(job.CorrelationId, JobKinds.Noop, job.Attempt, job.Agent!, new AttemptResult(AttemptOutcome.Succeeded, 0)));

    /// <summary>Ten jobs of another key start, and end.</summary>
    private async Task StartOthers(TestControl control)
    {
        var jobs = Jobs(10, new QueueTerms(ConcurrencyKey: "small", ConcurrencyLimit: 10));
        foreach (var job in jobs)
        {
            await control.Submit(job);
            await Eventually.True(async () => (await _house.Job(job.WorkId)).State == "Assigned", "it is assigned");
        }

        foreach (var job in jobs)
            await Finish(control, await _house.Job(job.WorkId));
    }

    /// <summary>Sixty jobs of the big key end, and others take their places.</summary>
    private async Task FinishOneByOne(TestControl control)
    {
        for (var done = 0; done < 60;)
        {
            foreach (var job in (await InHand()).Where(job => job.ConcurrencyKey == "big"))
            {
                await Finish(control, job);
                done++;
            }
        }
    }

    /// <summary>Counted by the database; who does much there tells of it at least once a second.</summary>
    private Task<long> RowsRead() => _house.Ask<long>(
        "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = 'work_waiting'");

    private async Task<TestControl> Dispatching()
    {
        var control = await TestControl.Start(_house, _agents.Install);
        await Lead(control);
        await Eventually.True(() => _agents.Asked > 0, "the slots are known");
        return control;
    }

    private static async Task Lead(TestControl control)
    {
        await control.Start<Leadership>();
        await Eventually.True(() => control.Get<Leadership>().IsMine, "it leads");
        await control.Start<Dispatcher>();
    }

    private Task<List<Job>> InHand() => _house.JobsIn("Assigned");

    /// <summary>How many of one key ever had a slot at the same time.</summary>
    private Task<long> MostAtOnce() => _house.Ask<long>(
        "select max(running) from (select sum(change) over (partition by key order by n) as running from steps) moments");
}
